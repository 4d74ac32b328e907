"""Cards from files to the book: after a killed run, late files and corrections, the tables of one build."""

from dataclasses import dataclass
from pathlib import Path

import pytest

import localaws
from samples.cards.commands import MIXED
from samples.cards.files import Request, make
from tests.python.lake.book_tables import Key, Row, book_of, facts_of, table
from tests.python.lake.lakes import Lake

pytestmark = [pytest.mark.integration, pytest.mark.slow]

CUSTOMERS = 60
MODELS = ("path:models/*/cards", "stg_ops__landings")
TABLES = [
    ("curated", "cards_files"),
    ("curated", "cards_invoice_versions"),
    ("curated", "cards_payment_versions"),
    ("curated", "cards_payment_invoices"),
    ("curated", "cards_quarantine"),
    ("curated", "cards_fact_months"),
    ("curated", "cards_customer_months"),
    ("refined", "cards_invoice_book"),
    ("refined", "cards_portfolio_book"),
    ("refined", "cards_portfolio_monthly"),
    ("refined", "cards_vintages"),
    ("refined", "cards_book_stability"),
]


@dataclass(frozen=True, slots=True)
class Steps:
    """A lake after files of three months, and after those of the fourth, whose first run was killed."""

    lake: Lake
    before: dict[Key, Row]
    after: dict[Key, Row]


@pytest.fixture(scope="module")
def steps(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    tmp_path_factory: pytest.TempPathFactory,
) -> Steps:
    """With the fourth month come payments that were missing, invoices that were left out, and corrections."""
    folder = tmp_path_factory.mktemp("portfolio")
    make(Request(folder, "2021-01", "2021-04", CUSTOMERS, 5, MIXED, dirty=True))
    came_later = {*folder.glob("*_202104*"), *folder.glob("*_corrected.csv"), *folder.glob("later/*.csv")}
    lake = Lake("cards_history", tmp_path_factory.mktemp("history"), "cards-history").create()
    _land(lake, sorted({*folder.glob("*.csv")} - came_later))
    lake.dbt("run", "--select", *MODELS)
    before = book_of(lake)
    _land(lake, sorted(came_later))
    lake.dbt_killed("cards_customer_months", "run", "--select", *MODELS)
    assert book_of(lake) == before
    lake.dbt("run", "--select", *MODELS)
    return Steps(lake, before, book_of(lake))


def _land(lake: Lake, files: list[Path]) -> None:
    assert files
    lake.land(files, may_be_refused=True, entity=("cards",))


def test_a_month_that_comes_changes_what_it_corrects_or_completes_and_says_so(steps: Steps) -> None:
    newest = max(str(row["ts_fato_mais_recente"]) for row in steps.before.values())
    changed = [
        (row, steps.after[key])
        for key, row in steps.before.items()
        if facts_of(steps.after[key]) != facts_of(row)
    ]
    assert 0 < len(changed) < len(steps.before)
    assert all(str(now["ts_fato_mais_recente"]) > newest for _, now in changed)
    assert any(int(str(now["qt_correcoes"])) > int(str(row["qt_correcoes"])) for row, now in changed)


def test_a_run_that_was_killed_and_run_again_leaves_the_tables_of_one_build(steps: Steps) -> None:
    in_steps = _tables(steps.lake)
    steps.lake.dbt("run", "--full-refresh", "--select", *MODELS)
    at_once = _tables(steps.lake)
    assert {name: len(rows) for name, rows in at_once.items() if not rows} == {}
    assert {name for name, rows in at_once.items() if rows != in_steps[name]} == set()


def _tables(lake: Lake) -> dict[str, list[str]]:
    """The rows of all tables, without the number of the load, which alone is of the build."""
    return {
        name: sorted(
            str([value for column, value in row.items() if column != "nr_carga"])
            for row in table(lake, layer, name)
        )
        for layer, name in TABLES
    }
