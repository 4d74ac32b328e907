"""Invoices and payments, from files to what counts: nothing lost, nothing twice, in any order of builds."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import localaws
from samples.cards.commands import MIXED
from samples.cards.files import Made, Request, make
from tests.python.lake.lakes import Lake

pytestmark = pytest.mark.integration

MONTHS = [f"2023{month:02}" for month in range(1, 10)]
CUSTOMERS = 900
REACH = 4
VARS = ("--vars", f"{{cards_reach_months: {REACH}, run_date: 2023-10-31}}")
CURATED = ("+cards_fact_months", "cards_payments_pending", "cards_quarantine")
EVERYTHING = (*CURATED, "+ops_row_conservation", "ops_expected_files", "ops_file_control")

TABLES = [
    ("curated", "cards_files"),
    ("curated", "cards_invoice_versions"),
    ("curated", "cards_invoices"),
    ("curated", "cards_payment_versions"),
    ("curated", "cards_payment_invoices"),
    ("curated", "cards_payments"),
    ("curated", "cards_payments_pending"),
    ("curated", "cards_quarantine"),
    ("curated", "cards_fact_months"),
]
OF_THE_LOAD = {"nr_carga", "ts_recebimento", "ts_substituicao"}

# cents: by how much a corrected invoice and payment are above what they were; what the odd valid rows are
CORRECTIONS, CORRECTED_INVOICE, CORRECTED_PAYMENT = 3, 10_000, 100
ODD_INVOICE, ODD_PAYMENT = 123_456, 5_000


@dataclass(frozen=True, slots=True)
class Portfolio:
    """Files of months, dirt among them: what was made, and what is told of each odd file and row."""

    folder: Path
    made: list[Made]
    dirt: dict[str, list[dict[str, Any]]]

    def files(self, *months: str) -> list[Path]:
        """The files of months as they come at first, those among them that are to be refused."""
        return [
            path
            for path in sorted(self.folder.glob("*.csv"))
            if "_corrected" not in path.name and any(month in path.name for month in months)
        ]

    @property
    def later(self) -> list[Path]:
        """Corrections, what was left out, and what was missing."""
        return [*sorted(self.folder.glob("*_corrected.csv")), *sorted((self.folder / "later").glob("*.csv"))]


@dataclass(frozen=True, slots=True)
class Steps:
    """A lake that files came to in steps; what waited after each, and the months that each load touched."""

    lake: Lake
    pending: dict[str, set[str]]
    touched: dict[str, set[int]]


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Nine months in four forms, with everything that goes wrong."""
    folder = tmp_path_factory.mktemp("portfolio")
    made = make(Request(folder, "2023-01", "2023-09", CUSTOMERS, 5, MIXED, dirty=True))
    return Portfolio(folder, made, json.loads((folder / "dirt.json").read_text(encoding="utf-8")))


def _land(lake: Lake, files: Iterable[Path]) -> None:
    lake.land(files, may_be_refused=True, entity=("cards",))


@pytest.fixture(scope="module")
def at_once(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    portfolio: Portfolio,
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    """Everything landed, then one build with its tests."""
    lake = Lake("cards_at_once", tmp_path_factory.mktemp("at_once"), "cards-at-once").create()
    _land(lake, portfolio.files(*MONTHS))
    _land(lake, portfolio.later)
    selected = ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")
    lake.dbt("build", "--select", *EVERYTHING, "cards_files_are_not_missing", *selected, *VARS)
    return lake


@pytest.fixture(scope="module")
def in_steps(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    portfolio: Portfolio,
    tmp_path_factory: pytest.TempPathFactory,
) -> Steps:
    """Five months, then a month, then corrections, what came late and two months more, then a month."""
    lake = Lake("cards_in_steps", tmp_path_factory.mktemp("in_steps"), "cards-in-steps").create()
    batches = {
        "history": portfolio.files(*MONTHS[:5]),
        "a month": portfolio.files(MONTHS[5]),
        "later": [*portfolio.later, *portfolio.files(*MONTHS[6:8])],
        "a month again": portfolio.files(MONTHS[8]),
    }
    pending, touched = {}, {}
    for batch, files in batches.items():
        _land(lake, files)
        lake.dbt("run", "--select", *CURATED, *VARS)
        rows = lake.rows("select id_pagamento from {lake}_curated.cards_payments_pending")
        pending[batch] = {row[0] for row in rows}
        rows = lake.rows(
            "select safra from {lake}_curated.cards_fact_months where nr_carga ="
            " (select max(nr_carga) from {lake}_curated.cards_files)"
        )
        touched[batch] = {row[0] for row in rows}
    return Steps(lake, pending, touched)


def test_any_order_of_builds_gives_the_tables_of_one_build(at_once: Lake, in_steps: Steps) -> None:
    """A build that appended again what it had read before would show here, four times."""
    assert _differences(at_once, in_steps.lake) == {table: [] for _, table in TABLES}


def _differences(one: Lake, other: Lake) -> dict[str, list[tuple[object, ...]]]:
    return {table: _difference(one, other, layer, table) for layer, table in TABLES}


def _difference(one: Lake, other: Lake, layer: str, table: str) -> list[tuple[object, ...]]:
    columns = ", ".join(
        name for name in one.comments(f"{one.name}_{layer}", table) if name not in OF_THE_LOAD
    )
    mine, yours = (f"select {columns} from {lake.name}_{layer}.{table}" for lake in (one, other))
    assert one.rows(f"select count(*) from ({mine})") != [(0,)], f"{table} is empty"
    return one.rows(
        f"select 'one', * from ({mine} except all {yours}) union all "
        f"select 'other', * from ({yours} except all {mine}) limit 5"
    )


def test_every_odd_row_ends_where_its_list_says(at_once: Lake, portfolio: Portfolio) -> None:
    where = at_once.rows(
        "select ds_arquivo, nr_linha, 'quarantined', ds_motivo_recusa from {lake}_curated.cards_quarantine"
        " union all select files.ds_arquivo, versions.nr_linha,"
        " case when ds_situacao = 'duplicate' then 'duplicate' when nr_versao > 1 then 'correction'"
        " else 'valid' end, null"
        " from {lake}_curated.cards_invoice_versions as versions"
        " inner join {lake}_curated.cards_files as files on files.id_arquivo = versions.id_arquivo"
        " union all select files.ds_arquivo, versions.nr_linha,"
        " case when ds_situacao = 'duplicate' then 'duplicate' when nr_versao > 1 then 'correction'"
        " else 'valid' end, null"
        " from {lake}_curated.cards_payment_versions as versions"
        " inner join {lake}_curated.cards_files as files on files.id_arquivo = versions.id_arquivo"
    )
    found = {(file, line): (outcome, reason) for file, line, outcome, reason in where}
    # a payment that waits is a valid record of its file; whether it still waits is asked elsewhere
    told = {
        (row["file"], row["line"]): (row["outcome"].replace("pending", "valid"), row["reason"])
        for row in portfolio.dirt["rows"]
    }
    assert {place: found.get(place) for place in told} == told
    odd = Counter(outcome for outcome, _ in told.values())
    assert odd.keys() == {"quarantined", "duplicate", "correction", "valid"}
    quarantined = sum(outcome == "quarantined" for outcome, _ in found.values())
    assert quarantined == odd["quarantined"]


def test_the_raw_values_of_what_was_refused_are_kept(at_once: Lake) -> None:
    kept = at_once.rows(
        "select ds_motivo_recusa, json_extract_scalar(ds_linha, '$.valor_fatura') from"
        " {lake}_curated.cards_quarantine where ds_entidade = 'tb_faturas'"
        " and ds_motivo_recusa = 'negative_amount'"
    )
    assert len(kept) == 1
    assert kept[0][1].startswith("-10")


def test_what_counts_is_what_the_files_say_to_the_cent(at_once: Lake, portfolio: Portfolio) -> None:
    """All payments of an invoice count, not the latest alone; what is dropped as a repetition counts once."""
    expected: dict[tuple[str, int], list[int]] = {
        (made.kind, int(made.month)): [made.rows, made.cents] for made in portfolio.made
    }
    corrected, faulty = int(MONTHS[0]), int(MONTHS[3])
    expected["faturas", corrected][1] += CORRECTIONS * CORRECTED_INVOICE
    expected["pagamentos", corrected][1] += CORRECTIONS * CORRECTED_PAYMENT
    for kind, rows, cents in (("faturas", 1, ODD_INVOICE), ("pagamentos", 1, ODD_PAYMENT)):
        expected[kind, faulty][0] += rows
        expected[kind, faulty][1] += cents
    held_back = at_once.rows(
        "select count(*), sum(vl_fatura) from {lake}_curated.cards_invoices where id_arquivo in"
        " (select id_arquivo from {lake}_curated.cards_files where ds_arquivo like '%late.csv')"
    )
    expected["faturas", faulty][0] += held_back[0][0]
    expected["faturas", faulty][1] += int(held_back[0][1] * 100)
    found = at_once.rows(
        "select 'faturas', year(dt_emissao) * 100 + month(dt_emissao), count(*), sum(vl_fatura)"
        " from {lake}_curated.cards_invoices group by 1, 2 union all"
        " select 'pagamentos', year(dt_pagamento) * 100 + month(dt_pagamento), count(*), sum(vl_pagamento)"
        " from (select dt_pagamento, vl_pagamento from {lake}_curated.cards_payments union all"
        " select dt_pagamento, vl_pagamento from {lake}_curated.cards_payments_pending) group by 1, 2"
    )
    assert {(kind, month): [rows, int(money * 100)] for kind, month, rows, money in found} == expected
    several = at_once.rows(
        "select count(*) from (select id_fatura from {lake}_curated.cards_payments"
        " group by id_fatura having count(*) > 1)"
    )
    assert several[0][0] > CUSTOMERS / 10


def test_keys_are_there_once(at_once: Lake) -> None:
    twice = at_once.rows(
        "select id_fatura from {lake}_curated.cards_invoices group by 1 having count(*) > 1 union all"
        " select id_pagamento from {lake}_curated.cards_payment_invoices group by 1 having count(*) > 1"
    )
    assert twice == []


def test_a_correction_keeps_what_was_corrected_and_until_when(at_once: Lake) -> None:
    rows = at_once.rows(
        "select latest.vl_fatura - former.vl_fatura, former.ts_substituicao = latest.ts_recebimento,"
        " latest.ts_substituicao, former.nr_versao, latest.nr_versao"
        " from {lake}_curated.cards_invoice_versions as latest"
        " inner join {lake}_curated.cards_invoice_versions as former on former.id_fatura = latest.id_fatura"
        " where latest.ds_situacao = 'current' and former.ds_situacao = 'superseded'"
    )
    assert rows == [(Decimal("100.00"), True, None, 1, 2)] * CORRECTIONS


def test_a_payment_waits_for_its_invoice_and_no_longer(in_steps: Steps, portfolio: Portfolio) -> None:
    waits = {row["key"]: row["fault"] for row in portfolio.dirt["rows"] if row["outcome"] == "pending"}
    never = {key for key, fault in waits.items() if fault == "invoice_never_comes"}
    assert set(waits) <= in_steps.pending["history"]
    assert set(waits) <= in_steps.pending["a month"]
    assert in_steps.pending["later"] & set(waits) == never
    # what was paid before its invoice was issued, in the month before, waits for a month
    assert in_steps.pending["a month"] - set(waits)
    assert not in_steps.pending["a month again"] & (in_steps.pending["a month"] - set(waits))


def test_a_load_touches_the_months_of_its_facts(in_steps: Steps) -> None:
    """Late invoices of April let payments of April count; the others of the load are corrected or new."""
    assert in_steps.touched["history"] == {int(month) for month in MONTHS[:5]}
    assert in_steps.touched["a month"] == {202306}
    assert in_steps.touched["later"] >= {202301, 202304, 202305, 202307, 202308}
    assert in_steps.touched["a month again"] <= {202308, 202309}


def test_a_file_that_lands_while_dbt_builds_breaks_no_law(at_once: Lake, tmp_path: Path) -> None:
    """Landed after the ledger was written, it is in the control table and in no table of the build."""
    late = tmp_path / "tb_pagamentos_202309_more.csv"
    late.write_text(
        "id_pagamento,id_fatura,id_cliente,data_pagamento,valor_pagamento\nPG-1-99,1-1,1,2023-09-30,1.00\n",
        encoding="utf-8",
    )
    before = at_once.rows("select count(*) from {lake}_ops.ops_row_conservation")
    _land(at_once, [late])
    at_once.dbt("test", "--select", "ops_row_conservation_nothing_lost_nothing_twice", *VARS)
    assert at_once.rows("select count(*) from {lake}_ops.ops_row_conservation") == before


def test_what_should_have_come_and_what_came(at_once: Lake) -> None:
    """Landed today, the months of 2023 came late; nothing is expected of the month that has not ended."""
    rows = at_once.rows(
        "select ds_entidade, count(*), count_if(ds_situacao = 'late'), sum(qt_arquivos),"
        " cast(min(dt_mes) as varchar), cast(max(dt_mes) as varchar) from {lake}_ops.ops_expected_files"
        " group by ds_entidade order by ds_entidade"
    )
    # the corrected invoices and payments, and the late invoices, are files more
    assert rows == [
        ("tb_faturas", 9, 9, 11, "2023-01-01", "2023-09-01"),
        ("tb_pagamentos", 9, 9, 10, "2023-01-01", "2023-09-01"),
    ]
