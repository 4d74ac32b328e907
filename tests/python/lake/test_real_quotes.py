"""The lake over real files of B3, against figures computed from the files' bytes by other means."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import localaws
from tests.python.lake.lakes import Lake

pytestmark = [pytest.mark.integration, pytest.mark.real]

# session: detail lines, lines of the cash market (the index among them), money of all lines
FILES = {
    date(2021, 6, 25): (7518, 1086, "33577581321.31"),
    date(2026, 1, 5): (13808, 1452, "22388802769.64"),
    date(2026, 1, 15): (16474, 1393, "27687577820.94"),
    date(2026, 1, 26): (15268, 1471, "30844043418.33"),
    date(2026, 2, 5): (14897, 1427, "34078829901.43"),
    date(2026, 2, 25): (15070, 1431, "28348871400.66"),
    date(2026, 2, 26): (14840, 1399, "29347875674.90"),
    date(2026, 2, 27): (15291, 1445, "36523467880.63"),
    date(2026, 3, 2): (14990, 1464, "31481456583.93"),
    date(2026, 3, 3): (16758, 1438, "46631864326.77"),
    date(2026, 3, 4): (14664, 1422, "27645579337.27"),
    date(2026, 3, 5): (15886, 1437, "32545390455.51"),
    date(2026, 3, 6): (16775, 1422, "33944218818.18"),
}

# closes of the eight sessions from 2026-02-25, SMA5 on 03-03 and 03-06, SMA8 and change in per cent on 03-06
PAPERS = {
    "PETR4": ("39.57 39.61 39.33 41.13 40.95 40.50 40.69 42.11", "40.118", "41.076", "40.48625", "3.4898"),
    "VALE3": ("89.97 89.21 88.47 88.16 84.48 84.09 81.29 78.86", "88.058", "83.376", "85.56625", "-2.9893"),
    "ITUB4": ("47.79 47.67 46.78 45.92 44.38 45.01 43.51 42.93", "46.508", "44.350", "45.49875", "-1.3330"),
    "BOVA11": (
        "187.46 187.35 185.16 185.50 179.30 181.60 176.75 175.89",
        "184.954",
        "179.808",
        "182.37625",
        "-0.4866",
    ),
}


@pytest.fixture(scope="module")
def lake(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Lake:  # noqa: ARG001
    """The real daily files, landed and built."""
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip("FINLAKE_REAL_DATA names no folder with real files (b3/cotahist/COTAHIST_D*.ZIP)")
    real = Lake("real", tmp_path_factory.mktemp("real"), "real").create()
    real.land(sorted(Path(folder, "b3", "cotahist").glob("COTAHIST_D*.ZIP")))
    real.dbt("build", "--exclude-resource-type", "unit_test")
    return real


def test_every_line_is_a_quote_and_the_money_is_the_file_s(lake: Lake) -> None:
    found = lake.rows(
        "select dt_ref, count(*), count_if(cd_mercado = '010'), sum(vl_volume)"
        " from {lake}_curated.b3_quotes group by dt_ref"
    )
    assert {day: (lines, cash, str(money)) for day, lines, cash, money in found} == FILES
    assert lake.rows("select count(*) from {lake}_curated.b3_quotes_quarantine") == [(0,)]


def test_no_code_is_unknown(lake: Lake) -> None:
    unknown = lake.rows(
        "select distinct cd_bdi, cd_mercado, ds_tipo from {lake}_curated.b3_quotes"
        " where fl_bdi_desconhecido or fl_mercado_desconhecido or ds_tipo = 'desconhecido'"
    )
    assert unknown == []


@pytest.mark.parametrize("ticker", PAPERS)
def test_closes_and_what_is_made_of_them(lake: Lake, ticker: str) -> None:
    closes, sma5_early, sma5, sma8, change = PAPERS[ticker]
    rows = lake.rows(
        "select vl_fechamento, vl_media_movel_5, pc_retorno_1, vl_media_movel_10,"
        " avg(vl_fechamento) over (order by dt_ref rows between 7 preceding and current row),"
        " max(vl_fechamento) over (order by dt_ref rows between 7 preceding and current row),"
        " min(vl_fechamento) over (order by dt_ref rows between 7 preceding and current row)"
        f" from {{lake}}_refined.b3_daily_indicators where ticker = '{ticker}'"
        " and dt_ref between date '2026-02-25' and date '2026-03-06' order by dt_ref"
    )
    expected = [Decimal(close) for close in closes.split()]
    assert [row[0] for row in rows] == expected
    assert rows[4][1] == Decimal(sma5_early)
    assert rows[7][1] == Decimal(sma5)
    assert round(100 * rows[7][2], 4) == Decimal(change)
    assert rows[7][4:] == (Decimal(sma8), max(expected), min(expected))


def test_windows_that_are_not_full_are_null(lake: Lake) -> None:
    """PETR4 has twelve sessions in reach of 2026-03-06: the one of 2021 is beyond it."""
    rows = lake.rows(
        "select vl_media_movel_10 is null, vl_media_movel_20 is null, vl_media_movel_200 is null,"
        " pc_volatilidade_21 is null, vl_maxima_252 is null, pc_retorno_21 is null, qt_dias_desde_anterior"
        " from {lake}_cashflow.refined where ticker = 'PETR4'"
        " and dt_ref in (date '2026-01-05', date '2026-03-06')"
        " order by dt_ref"
    )
    assert rows == [(True, True, True, True, True, True, None), (False, True, True, True, True, True, 1)]


def test_figures_that_are_known(lake: Lake) -> None:
    known = (
        "select {column} from {{lake}}_curated.b3_quotes where ticker = '{ticker}' and dt_ref = date '{day}'"
    )
    asked = {
        ("vl_fechamento", "PETR4", "2021-06-25"): Decimal("29.10"),
        ("vl_volume", "VALE3", "2026-03-06"): Decimal("2342745219.00"),
        ("ds_marcador_ex", "ITUB4", "2026-03-02"): "EJ",
        ("nr_distribuicao", "ITUB4", "2026-02-27"): 365,
        ("nr_distribuicao", "ITUB4", "2026-03-02"): 366,
    }
    for (column, ticker, day), value in asked.items():
        assert lake.rows(known.format(column=column, ticker=ticker, day=day)) == [(value,)], (ticker, day)


def test_the_trade_counts_that_wrapped_are_flagged_and_no_other(lake: Lake) -> None:
    flagged = lake.rows(
        "select dt_ref, ticker, qt_negocios from {lake}_curated.b3_quotes"
        " where fl_negocios_suspeitos order by dt_ref"
    )
    assert flagged == [(date(2026, 3, 3), "PETR4", 7820), (date(2026, 3, 6), "PETR4", 9463)]


def test_quote_factors_make_unit_prices(lake: Lake) -> None:
    """What was paid for one unit lies between the lowest and the highest unit price, whatever the factor."""
    factors = lake.rows(
        "select qt_fator_cotacao, count(distinct ticker) from {lake}_curated.b3_quotes"
        " where cd_mercado in ('010', '020') group by qt_fator_cotacao order by 1"
    )
    assert [factor for factor, _ in factors] == [1, 100, 1000, 10000, 1000000]
    off = lake.rows(
        "select dt_ref, ticker from {lake}_curated.b3_quotes where cd_mercado = '010'"
        " and qt_fator_cotacao > 1"
        " and not fl_indice and cast(vl_volume as decimal(38, 12)) / qt_titulos"
        " not between vl_minimo * 0.99 and vl_maximo * 1.01"
    )
    assert off == []


def test_the_index_is_in_no_total_of_stocks(lake: Lake) -> None:
    assert lake.rows("select count(*) from {lake}_cashflow.refined where ticker = 'IBOV11'") == [(0,)]
    indices = lake.rows(
        "select count(distinct dt_ref) from {lake}_curated.b3_quotes where ticker = 'IBOV11' and fl_indice"
    )
    assert indices == [(11,)]


def test_conservation(lake: Lake) -> None:
    counted = lake.rows(
        "select sum(qt_linhas), sum(qt_curadas), sum(abs(qt_diferenca)) from {lake}_ops.ops_row_conservation"
    )
    lines = sum(lines for lines, _, _ in FILES.values())
    assert counted == [(lines, lines, 0)]
