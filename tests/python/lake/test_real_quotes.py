"""The lake over real files of B3, against figures computed from the files' bytes by other means."""

import json
import os
import re
import shutil
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

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

# without files of the cards these would be empty
NO_CARDS = ("--exclude", "path:models/refined/cards", "path:seeds/cards")
STATISTICS, PORTFOLIO = "index/indexStatisticsProxy_GetPortfolioDay", "index/indexProxy_GetPortfolio"
# answers of B3's services and series of levels, by the names under which they are landed
ANSWERS = [
    (
        "index-levels",
        (f"{STATISTICS}_IBOV_2022.en-us.json", "IndexLevels_IBOV_2022.json"),
    ),
    ("index-levels", ("index/b3_ibov_levels_1968_1997.csv", "until_1997.csv")),
    ("index-levels", ("index/b3_index_levels_2018_2023_IBOV_SMLL_IDIV.csv", "since_2018.csv")),
    (
        "index-portfolio",
        (f"{PORTFOLIO}Day_IBOV_20250407.en-us.json", "IndexPortfolio_IBOV.json"),
    ),
    (
        "index-portfolio",
        ("index/indexProxy_GetTheoricalPortfolio_IBOV_2022.pt-br.json", "x_IBOV_20220506.json"),
    ),
    ("corporate-actions", ("corporate/GetListedCashDividends.json", "CashDividends_ABEV.json")),
    ("corporate-actions", ("corporate/GetListedSupplementCompany.json", "CompanySupplement_ABEV.json")),
]


@pytest.fixture(scope="module")
def lake(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Lake:  # noqa: ARG001
    """The real daily files, landed and built."""
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip("FINLAKE_REAL_DATA names no folder with real files (b3/cotahist/COTAHIST_D*.ZIP)")
    real = Lake("real", tmp_path_factory.mktemp("real"), "real").create()
    real.land(sorted(Path(folder, "b3", "cotahist").glob("COTAHIST_D*.ZIP")))
    for entity, (path, name) in ANSWERS:
        named = tmp_path_factory.mktemp("named") / name
        shutil.copyfile(Path(folder, "b3", path), named)
        real.land([named], entity=("b3", entity))
    real.dbt("build", "--exclude-resource-type", "unit_test", *NO_CARDS)
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
        " where ds_entidade = 'cotahist'"
    )
    lines = sum(lines for lines, _, _ in FILES.values())
    assert counted == [(lines, lines, 0)]


def test_levels_are_those_of_the_series_and_of_the_answer(lake: Lake) -> None:
    """The answer of 2022 says in English what the series says: its 250 levels are repetitions of it."""
    assert lake.rows(
        "select cd_indice, count(*), min(dt_ref), max(dt_ref) from {lake}_curated.b3_index_levels"
        " group by cd_indice order by cd_indice"
    ) == [
        ("IBOV", 7366 + 1487, date(1968, 1, 2), date(2023, 12, 28)),
        ("IDIV", 1487, date(2018, 1, 2), date(2023, 12, 28)),
        ("SMLL", 1487, date(2018, 1, 2), date(2023, 12, 28)),
    ]
    known = {
        date(1968, 1, 2): "0.0000000001",
        date(1997, 12, 30): "10196.5",
        date(2018, 1, 2): "77891.04",
        date(2022, 1, 3): "103921.59",
        date(2022, 12, 29): "109734.60",
        date(2023, 12, 28): "134185.24",
    }
    days = ", ".join(f"date '{day}'" for day in known)
    found = lake.rows(
        f"select dt_ref, vl_nivel from {{lake}}_curated.b3_index_levels"
        f" where cd_indice = 'IBOV' and dt_ref in ({days})"
    )
    assert dict(found) == {day: Decimal(level) for day, level in known.items()}
    assert lake.rows(
        "select ds_situacao, count(*) from {lake}_curated.b3_index_level_versions"
        " group by ds_situacao order by 1"
    ) == [("current", 7366 + 3 * 1487), ("duplicate", 250)]


def _file(*path: str) -> Path:
    return Path(os.environ["FINLAKE_REAL_DATA"], "b3", *path)


def test_levels_are_those_of_b3_s_own_report(lake: Lake) -> None:
    """The index report of 2021-04-23 (BVBG.087.01): closes of the day and of the day before."""
    with zipfile.ZipFile(_file("index", "IR210423.zip")) as archive:
        (_, *indices) = archive.read(archive.namelist()[0]).decode().split("<IndxInf>")
    told = {}
    for index in indices:
        name, close, before = (_said(index, tag) for tag in ("TckrSymb", "ClsgPric", "PrvsDayClsgPric"))
        told[name] = (Decimal(close), Decimal(before))
    found = lake.rows(
        "select cd_indice, vl_nivel, vl_nivel_anterior from {lake}_refined.b3_index_daily"
        " where dt_ref = date '2021-04-23'"
    )
    assert {name: tuple(levels) for name, *levels in found} == {
        name: told[name] for name in ("IBOV", "IDIV", "SMLL")
    }


def _said(element: str, tag: str) -> str:
    found = re.search(rf"<{tag}[^>]*>([^<]+)<", element)
    return found[1] if found else "NaN"


def test_a_year_of_levels_follows_session_by_session(lake: Lake) -> None:
    """No session of the calendar is missing of 2018 to 2023, so each but the first has a return."""
    assert lake.rows(
        "select count(*), count(pc_retorno_1), count(vl_media_movel_21), count(vl_media_movel_200)"
        " from {lake}_refined.b3_index_daily where cd_indice = 'IBOV' and dt_ref >= date '2018-01-01'"
    ) == [(1487, 1486, 1487 - 20, 1487 - 199)]


def test_members_are_those_that_b3_lists_by_stock(lake: Lake) -> None:
    """A week after the portfolio, the list of stocks names the same members of the IBOV."""
    stocks = _answer("index", "indexProxy_GetStockIndex_2022-05-13.json")["results"]
    listed = {row["code"] for row in stocks if "IBOV" in row["indexes"].split(",")}
    held = lake.rows("select ticker from {lake}_curated.b3_index_portfolio where dt_ref = date '2022-05-06'")
    assert {row[0] for row in held} == listed


def test_a_company_s_papers_are_those_of_its_details(lake: Lake) -> None:
    codes = _answer("corporate", "GetDetailsCompany.json")["otherCodes"]
    assert lake.rows(
        "select ticker, cd_isin from {lake}_curated.b3_instruments where ticker like 'ABEV_' order by ticker"
    ) == [(code["code"], code["isin"]) for code in codes]


def _answer(*path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_file(*path).read_text(encoding="utf-8"))
    return found


def test_portfolios_sum_up_to_what_their_headers_say(lake: Lake) -> None:
    assert lake.rows(
        "select dt_ref, count(*), sum(pc_participacao), max(pc_participacao_total), sum(qt_teorica),"
        " max(qt_teorica_total), max(vl_redutor)"
        " from {lake}_curated.b3_index_portfolio group by dt_ref order by dt_ref"
    ) == [
        (date(2022, 5, 6), 92, Decimal("1.00001"), 1, 96626612142, 96626612142, Decimal("18673489.42022432")),
        (date(2025, 4, 7), 87, Decimal("1"), 1, 99015750716, 99015750716, Decimal("16036751.16744128")),
    ]
    assert lake.rows(
        "select qt_teorica, pc_participacao, ds_setor from {lake}_curated.b3_index_portfolio"
        " where dt_ref = date '2025-04-07' and ticker = 'WEGE3'"
    ) == [(1243177587, Decimal("0.02663"), "Bens Indls / Máqs e Equips")]


def test_both_answers_about_a_company_are_one_list_of_actions(lake: Lake) -> None:
    """29 cash dividends, two of which the supplement tells too, with ISIN and payment, and a subscription."""
    assert lake.rows(
        "select cd_tipo, count(*), sum(vl_provento), count(dt_pagamento), count(vl_fechamento_com),"
        " count(cd_isin)"
        " from {lake}_curated.b3_corporate_actions group by cd_tipo order by cd_tipo"
    ) == [
        ("dividendo", 14, Decimal("1.6201"), 1, 14, 14),
        ("juros", 15, Decimal("3.1745"), 1, 15, 15),
        ("subscricao", 1, None, 0, 0, 1),
    ]
    assert lake.rows(
        "select dt_ex, vl_provento, dt_pagamento from {lake}_curated.b3_corporate_actions"
        " where cd_tipo = 'juros' and dt_ultimo_com = date '2021-12-17'"
    ) == [(date(2021, 12, 20), Decimal("0.4702"), date(2021, 12, 30))]


def test_nothing_of_the_answers_is_lost_or_refused(lake: Lake) -> None:
    assert lake.rows(
        "select ds_entidade, sum(qt_linhas), sum(qt_duplicadas), sum(qt_quarentena), sum(abs(qt_diferenca))"
        " from {lake}_ops.ops_row_conservation where ds_entidade != 'cotahist'"
        " group by ds_entidade order by 1"
    ) == [
        # two that the supplement tells as the list does
        ("corporate_actions", 32, 2, 0, 0),
        ("index_levels", 7366 + 3 * 1487 + 250, 250, 0, 0),
        ("index_portfolio", 92 + 87, 0, 0, 0),
    ]


def test_the_history_of_names_spans_the_sessions(lake: Lake) -> None:
    """The stretches of a ticker follow one another; PETR4 is what it was to the last session."""
    assert lake.rows(
        "select count(*) from (select dt_inicio,"
        " lag(dt_fim) over (partition by ticker order by dt_inicio) as antes"
        " from {lake}_curated.b3_instrument_history) where dt_inicio <= antes"
    ) == [(0,)]
    assert lake.rows(
        "select dt_inicio, dt_fim, cd_isin, fl_atual from {lake}_curated.b3_instrument_history"
        " where ticker = 'PETR4'"
        " order by dt_inicio"
    )[-1][1:] == (date(2026, 3, 6), "BRPETRACNPR6", True)


def test_the_calendar_tells_the_sessions_that_are_missing(lake: Lake) -> None:
    """Of the last two weeks none is; of January 2026 all but three are."""
    found = lake.rows(
        "select ds_situacao, count(*) from {lake}_ops.ops_expected_sessions where"
        " dt_ref between date '2026-02-25' and date '2026-03-06'"
        " or dt_ref between date '2026-01-01' and date '2026-01-31'"
        " group by ds_situacao order by ds_situacao"
    )
    assert found == [("came", 8 + 3), ("missing", 18)]
