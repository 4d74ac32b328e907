"""What an analyst runs first runs, and the docs of it all are made."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

import localaws
from samples.b3.cotahist import Request, make
from samples.b3.services import make_answers
from samples.b3.walk import EX_YIELD
from tests.python.lake.lakes import PROJECT, Lake

pytestmark = pytest.mark.integration

B3 = Path("analyses", "b3")
ANALYSES = sorted(path.relative_to(PROJECT) for path in (PROJECT / "analyses").rglob("*.sql"))
PUBLISH = ("--vars", "{production_schema: analysed}")
FIRST, LAST = date(2023, 1, 2), date(2024, 3, 22)
# what an invented market need not have on its last session
RARE = {"b3_unusual_volume"}
THE_QUERY = (
    "SELECT * FROM cashflow.refined WHERE ticker = 'PETR4'"
    " AND dt_ref BETWEEN DATE('2024-01-01') AND DATE('2024-01-31');"
)


@pytest.fixture(scope="module")
def lake(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Lake:  # noqa: ARG001
    """Fifteen months of an invented market, built and published as in production; unit tests, and the docs.

    The data tests run with the demo and on real files.
    """
    folder = tmp_path_factory.mktemp("files")
    request = Request(folder, FIRST, LAST, tickers=12, seed=5, spans=("year",))
    make(request)
    made = Lake("analysed", tmp_path_factory.mktemp("analysed"), "analysed").create()
    made.land(folder.glob("COTAHIST_*"))
    make_answers(request)
    for entity in ("index-levels", "index-portfolio", "corporate-actions"):
        made.land((folder / entity).iterdir(), entity=("b3", entity))
    made.dbt("build", "--exclude-resource-type", "unit_test", "test", *PUBLISH)
    # within a build they go one after the other
    made.dbt("test", "--select", "resource_type:unit_test", *PUBLISH)
    made.dbt("docs", "generate", *PUBLISH)
    return made


def test_the_query_of_the_spec_runs_word_for_word(lake: Lake) -> None:
    rows = lake.rows(THE_QUERY)
    assert len(rows) == 22
    assert {row[1] for row in rows} == {"PETR4"}
    assert all(date(2024, 1, 1) <= row[0] <= date(2024, 1, 31) for row in rows)


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda path: path.stem)
def test_an_analysis_runs(lake: Lake, analysis: Path) -> None:
    rows = _answer(lake, analysis)
    if analysis.parent.name == "b3" and analysis.stem not in RARE:
        assert rows


def test_a_month_of_a_ticker_has_full_windows(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_ticker_in_a_month.sql")
    assert len(rows) == 22
    assert not any(value is None for row in rows for value in row)


def _answer(lake: Lake, analysis: Path) -> list[tuple[Any, ...]]:
    compiled = lake.target / "compiled" / "finlake" / analysis
    return lake.rows(compiled.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def closes(lake: Lake) -> pd.DataFrame:
    """Closes of the shares without what was paid out after them, a row a session and a column a ticker."""
    rows = lake.rows(
        "select dt_ref, ticker, vl_fechamento, pc_fator_provento from {lake}_refined.b3_daily_windows"
        " where ds_tipo in ('acao', 'unit') order by dt_ref"
    )
    frame = pd.DataFrame(rows, columns=["dt_ref", "ticker", "close", "factor"])
    prices = frame.pivot_table(index="dt_ref", columns="ticker", values="close", aggfunc="first").astype(
        float
    )
    factors = frame.pivot_table(index="dt_ref", columns="ticker", values="factor", aggfunc="first").astype(
        float
    )
    after = factors.fillna(1)[::-1].cumprod()[::-1].shift(-1, fill_value=1)
    return prices * after


def test_movers_are_those_of_adjusted_closes(lake: Lake, closes: pd.DataFrame) -> None:
    returns = {ticker: series.dropna().pct_change().get(LAST) for ticker, series in closes.items()}
    rows = _answer(lake, B3 / "b3_movers_of_the_day.sql")
    assert len(rows) > 3
    assert [float(row[3]) for row in rows] == sorted((float(row[3]) for row in rows), reverse=True)
    for ticker, _, _, change, *_ in rows:
        assert float(change) == pytest.approx(returns[ticker], abs=1e-7)


def test_breakouts_are_the_highest_adjusted_closes_of_a_year(lake: Lake, closes: pd.DataFrame) -> None:
    year = {ticker: series.dropna()[-252:] for ticker, series in closes.items()}
    highest = {
        ticker
        for ticker, of in year.items()
        if len(of) == 252 and of.index[-1] == LAST and of.iloc[-1] == of.max()
    }
    rows = _answer(lake, B3 / "b3_breakouts.sql")
    assert {row[0] for row in rows if row[2] == "acao"} == highest
    assert highest


def test_golden_crosses_are_of_means_of_adjusted_closes(lake: Lake, closes: pd.DataFrame) -> None:
    expected = set()
    for ticker, of in closes.items():
        series = of.dropna()
        fast, slow = series.rolling(50).mean(), series.rolling(200).mean()
        above = (fast > slow)[slow.notna()]
        crossed = above & ~above.shift(1, fill_value=True)
        expected |= {(day, ticker) for day in crossed.index[crossed]}
    found = {(row[0], row[1]) for row in _answer(lake, B3 / "b3_golden_crosses.sql")}
    assert found == expected
    assert found


def test_distributions_are_what_the_market_pays(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_distributions.sql")
    assert {row[3] for row in rows} == {2}
    np.testing.assert_allclose([float(row[5]) for row in rows], 2 * EX_YIELD, atol=2e-4)


def test_what_is_paid_is_out_of_the_price(lake: Lake) -> None:
    """The market pays the same part of the close each time, but for the digits that its answers have."""
    rows = lake.rows(
        "select adjusted.pc_fator_provento, before.vl_fechamento, payouts.vl_provento, day.vl_fechamento,"
        " day.pc_retorno_ajustado_1, before.pc_fator_ajuste / day.pc_fator_ajuste"
        " from {lake}_refined.b3_price_adjustments as adjusted"
        " inner join {lake}_refined.b3_daily_indicators as day"
        " on adjusted.ticker = day.ticker and adjusted.dt_ref = day.dt_ref"
        " inner join {lake}_refined.b3_daily_indicators as before"
        " on day.ticker = before.ticker and day.dt_sessao_anterior = before.dt_ref"
        " inner join {lake}_refined.b3_payouts as payouts"
        " on before.ticker = payouts.ticker and before.dt_ref = payouts.dt_ultimo_com"
    )
    assert len(rows) > 12
    for row in rows:
        factor, before, paid, close, change, adjustment = map(float, row)
        assert factor == pytest.approx(1 - EX_YIELD, abs=1e-4)
        assert factor == pytest.approx(1 - paid / before, abs=1e-9)
        assert change == pytest.approx(close / (before - paid) - 1, abs=1e-7)
        assert adjustment == pytest.approx(factor, abs=1e-9)


def test_sectors_of_the_index_add_up_to_its_change(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_index_drivers.sql")
    assert {row[0] for row in rows} == {"Financ", "Mats Básicos", "Petróleo"}
    ((change,),) = lake.rows(
        "select vl_nivel - vl_nivel_anterior from {lake}_refined.b3_index_daily"
        f" where cd_indice = 'IBOV' and dt_ref = date '{LAST}'"
    )
    assert float(sum(row[2] for row in rows)) == pytest.approx(float(change), abs=0.1)


def test_breadth_is_summed_up_day_by_day(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_market_breadth.sql")
    assert [row[4] for row in rows] == list(np.cumsum([row[2] - row[3] for row in rows]))
    assert sum(row[5] for row in rows) > 3


def test_the_docs_describe_every_column_that_is_there(lake: Lake) -> None:
    catalog = json.loads((lake.target / "catalog.json").read_text(encoding="utf-8"))
    manifest = json.loads((lake.target / "manifest.json").read_text(encoding="utf-8"))
    assert catalog["errors"] is None
    for identifier, node in catalog["nodes"].items():
        described = set(manifest["nodes"][identifier]["columns"])
        assert set(node["columns"]) == described, identifier
    models = {name for name in manifest["nodes"] if name.startswith("model.")}
    assert models <= set(catalog["nodes"])


def test_comments_of_columns_reach_the_catalog(lake: Lake) -> None:
    for database, table in (("cashflow", "refined"), ("analysed_curated", "b3_quotes")):
        assert all(lake.comments(database, table).values()), table
