"""What `make demo` says, and the lake it leaves: what analysts run first, the rules' own tests, the docs."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

from demo.source import LAST_SESSION as LAST
from localaws import state
from localaws.launch import MISLEADING
from samples.b3.instruments import instruments
from samples.b3.walk import EX_YIELD, holdings
from tests.python.lake.lakes import PROJECT, Lake

pytestmark = pytest.mark.integration

B3 = Path("analyses", "b3")
ANALYSES = sorted(path.relative_to(PROJECT) for path in (PROJECT / "analyses").rglob("*.sql"))
# as many as the generator makes when not told how many
TICKERS = 60
# what an invented market need not have on its last session
RARE = {"b3_unusual_volume"}


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo's lake, up at a port; what the demo said."""

    lake: Lake
    port: int
    said: str


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, as a user runs it."""
    home = tmp_path_factory.mktemp("demo")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        for name in MISLEADING:
            patch.delenv(name, raising=False)
        try:
            said = _python("-m", "demo", "--home", str(home), "--port", str(port))
            up = state.current(port)
            assert up is not None, said
            for name, value in up.environment.items():
                patch.setenv(name, value)
            yield Demo(Lake("finlake", home, up.environment["FINLAKE_BUCKET"]), port, said)
        finally:
            _python("-m", "localaws", "down", "--port", str(port))


@pytest.fixture(scope="module")
def lake(demo: Demo) -> Lake:
    """The demo's lake after the rules' unit tests, and with its docs."""
    # within a build they go one after the other
    demo.lake.dbt("test", "--select", "resource_type:unit_test")
    demo.lake.dbt("docs", "generate")
    return demo.lake


def _python(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=PROJECT,
        env=os.environ | {"COLUMNS": "160"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_lands_builds_tests_and_shows(demo: Demo) -> None:
    for line in (
        "44 landed, 1 duplicate, 4 refused",
        "29 landed, 1 duplicate, 8 refused",
        "COTAHIST_D26012026_count_off.ZIP",
        "trailer_count",
        "unreadable_encoding",
        "zero_quote_factor                    1 COTAHIST_D09022026.ZIP",
        "137,945 137,573        321         13          29       9       0",
        "U12M       1,786   18,437 29.59  77.0%",
        "over 90         311         1.26  17.4% ███████",
        "2026-03-05",
        "would have scanned",
    ):
        assert line in demo.said
    assert "arning" not in demo.said


def test_the_demo_leaves_the_lake_up(demo: Demo) -> None:
    port = f"--port={demo.port}"
    asked = _python("-m", "localaws", "sql", port, "--csv", "select count(*) as n from cashflow.refined")
    assert int(asked.splitlines()[1]) > 10_000


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda path: path.stem)
def test_an_analysis_runs(lake: Lake, analysis: Path) -> None:
    rows = _answer(lake, analysis)
    if analysis.parent.name == "b3" and analysis.stem not in RARE:
        assert rows


def test_a_month_of_a_ticker_has_full_windows(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_ticker_in_a_month.sql")
    assert len(rows) == 18
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
    assert len(rows) == 9
    for row in rows:
        factor, before, paid, close, change, adjustment = map(float, row)
        assert factor == pytest.approx(1 - EX_YIELD, abs=1e-4)
        assert factor == pytest.approx(1 - paid / before, abs=1e-9)
        assert change == pytest.approx(close / (before - paid) - 1, abs=1e-7)
        assert adjustment == pytest.approx(factor, abs=1e-9)


def test_sectors_of_the_index_add_up_to_its_change(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_index_drivers.sql")
    papers = instruments(TICKERS)
    members = (paper for paper, held in zip(papers, holdings(papers), strict=True) if held)
    assert {row[0] for row in rows} == {paper.sector.partition("/")[0].strip() for paper in members}
    ((change,),) = lake.rows(
        "select vl_nivel - vl_nivel_anterior from {lake}_refined.b3_index_daily"
        f" where cd_indice = 'IBOV' and dt_ref = date '{LAST}'"
    )
    assert float(sum(row[2] for row in rows)) == pytest.approx(float(change), abs=0.1)


def test_breadth_is_summed_up_day_by_day(lake: Lake) -> None:
    rows = _answer(lake, B3 / "b3_market_breadth.sql")
    assert [row[4] for row in rows] == list(np.cumsum([row[2] - row[3] for row in rows]))
    # unknown until an instrument has 252 sessions
    highs = [row[5] for row in rows]
    known = [count for count in highs if count is not None]
    assert highs == [None] * (len(highs) - len(known)) + known
    assert sum(known) > 3


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
    for database, table in (("cashflow", "refined"), ("finlake_curated", "b3_quotes")):
        assert all(lake.comments(database, table).values()), table
