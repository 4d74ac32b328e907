"""What an analyst runs first runs, and the docs of it all are made."""

import json
from datetime import date
from pathlib import Path

import pytest

import localaws
from samples.b3.cotahist import Request, make
from samples.b3.services import make_answers
from tests.python.lake.lakes import PROJECT, Lake

pytestmark = pytest.mark.integration

ANALYSES = sorted(path.relative_to(PROJECT) for path in (PROJECT / "analyses").rglob("*.sql"))
PUBLISH = ("--vars", "{production_schema: analysed}")
# what an invented market need not have on its last session
RARE = {"b3_breakouts", "b3_golden_crosses", "b3_unusual_volume"}
THE_QUERY = (
    "SELECT * FROM cashflow.refined WHERE ticker = 'PETR4'"
    " AND dt_ref BETWEEN DATE('2024-01-01') AND DATE('2024-01-31');"
)


@pytest.fixture(scope="module")
def lake(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Lake:  # noqa: ARG001
    """Fifteen months of an invented market, built, tested and published as in production, and the docs."""
    folder = tmp_path_factory.mktemp("files")
    make(Request(folder, date(2023, 1, 2), date(2024, 3, 28), tickers=12, seed=5, spans=("year",)))
    made = Lake("analysed", tmp_path_factory.mktemp("analysed"), "analysed").create()
    made.land(folder.glob("COTAHIST_*"))
    make_answers(Request(folder, date(2023, 1, 2), date(2024, 3, 28), tickers=12, seed=5))
    for entity in ("index-levels", "index-portfolio", "corporate-actions"):
        made.land((folder / entity).iterdir(), entity=("b3", entity))
    made.dbt("build", *PUBLISH)
    made.dbt("docs", "generate", *PUBLISH)
    return made


def test_the_query_of_the_spec_runs_word_for_word(lake: Lake) -> None:
    rows = lake.rows(THE_QUERY)
    assert len(rows) == 22
    assert {row[1] for row in rows} == {"PETR4"}
    assert all(date(2024, 1, 1) <= row[0] <= date(2024, 1, 31) for row in rows)


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda path: path.stem)
def test_an_analysis_runs(lake: Lake, analysis: Path) -> None:
    compiled = lake.target / "compiled" / "finlake" / analysis
    rows = lake.rows(compiled.read_text(encoding="utf-8"))
    if analysis.parent.name == "b3" and analysis.stem not in RARE:
        assert rows


def test_a_month_of_a_ticker_has_full_windows(lake: Lake) -> None:
    compiled = lake.target / "compiled" / "finlake" / "analyses" / "b3" / "b3_ticker_in_a_month.sql"
    rows = lake.rows(compiled.read_text(encoding="utf-8"))
    assert len(rows) == 22
    assert not any(value is None for row in rows for value in row)


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
