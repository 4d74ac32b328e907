"""Invoices and payments, from files to what counts: nothing lost, nothing twice, in any order of builds."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import localaws
from samples.cards.commands import MIXED
from samples.cards.files import Made, Request, make
from tests.python.ingestion.cards.texts import INVOICE_HEADER, PAYMENT_HEADER
from tests.python.lake.lakes import Lake

pytestmark = pytest.mark.integration

MONTHS = [f"2023{month:02}" for month in range(1, 10)]
CUSTOMERS = 900
REACH = 4
# A month's new files are literals in its statements; more of them are not.
MOST_LITERALS = 3
VARS = (
    "--vars",
    f"{{cards_reach_months: {REACH}, run_date: 2023-10-31, new_files_limit: {MOST_LITERALS}}}",
)
CURATED = ("+cards_fact_months", "cards_payments_pending", "cards_quarantine")
EVERYTHING = (*CURATED, "+ops_row_conservation", "ops_expected_files", "ops_file_control")
# a view stays as it is
NO_VIEWS = ("--exclude", "config.materialized:view")
SELECTED = ("--indirect-selection", "cautious", "--exclude-resource-type", "unit_test")

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
OF_THE_LOAD = ("nr_carga", "ts_recebimento", "ts_substituicao")

# cents: by how much a corrected invoice and payment are above what they were; what the odd valid rows are
CORRECTIONS, CORRECTED_INVOICE, CORRECTED_PAYMENT = 3, 10_000, 100
ODD_INVOICE, ODD_PAYMENT = 123_456, 5_000
# An invoice that is moved twice: when its third version comes, the first is not in reach any more.
MOVED, MOVED_INVOICE = ("202301", "202305", "202309"), 5_000


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
    """A lake that files came to in steps; what waited after each, and the months that each load touched.

    `pruned` are the models whose last merge names the months that it reads of its target, `told` those whose
    statement has the last files in it.
    """

    lake: Lake
    pending: dict[str, set[str]]
    touched: dict[str, set[int]]
    pruned: set[str]
    told: set[str]


@pytest.fixture(scope="module")
def portfolio(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    """Nine months in four forms, with everything that goes wrong."""
    folder = tmp_path_factory.mktemp("portfolio")
    made = make(Request(folder, "2023-01", "2023-09", CUSTOMERS, 5, MIXED, dirty=True))
    for month in MOVED:
        issued, due = (f"{month[:4]}-{month[4:]}-{day}" for day in (10, 25))
        (folder / f"tb_faturas_{month}_d'água.csv").write_text(
            f"{INVOICE_HEADER}\nmoved-1,moved,{issued},{due},{MOVED_INVOICE / 100},15.00\n", encoding="utf-8"
        )
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
    lake.dbt("build", "--select", *EVERYTHING, "cards_files_are_not_missing", *SELECTED, *VARS)
    return lake


@pytest.fixture(scope="module")
def in_steps(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    portfolio: Portfolio,
    tmp_path_factory: pytest.TempPathFactory,
) -> Steps:
    """Five months, then a month, then corrections, what came late and two months more, then a month.

    The first run after the corrections is killed.
    """
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
        if batch == "later":
            lake.dbt_killed("cards_payment_invoices", "run", "--select", *CURATED, *VARS)
        before = lake.queries()
        lake.dbt("run", "--select", *CURATED, *VARS, *(() if batch == "history" else NO_VIEWS))
        rows = lake.rows("select id_pagamento from {lake}_curated.cards_payments_pending")
        pending[batch] = {row[0] for row in rows}
        rows = lake.rows(
            "select safra from {lake}_curated.cards_fact_months where nr_carga ="
            " (select max(nr_carga) from {lake}_curated.cards_files)"
        )
        touched[batch] = {row[0] for row in rows}
    pruned = lake.scanned_since(before, r"merge[\s\S]+\(target\.\w+ >= date '2023-")
    told = lake.scanned_since(before, r"create table[\s\S]+'tb_faturas_202309_d''água.csv'")
    return Steps(lake, pending, touched, set(pruned), set(told))


def test_any_order_of_builds_gives_the_tables_of_one_build(at_once: Lake, in_steps: Steps) -> None:
    """A build that appended again what it had read before would show here, four times."""
    assert at_once.differences(in_steps.lake, TABLES, OF_THE_LOAD) == {}


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
    for kind, month, cents in (
        ("faturas", faulty, ODD_INVOICE),
        ("pagamentos", faulty, ODD_PAYMENT),
        ("faturas", int(MOVED[-1]), MOVED_INVOICE),
    ):
        expected[kind, month][0] += 1
        expected[kind, month][1] += cents
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
        " order by former.nr_versao, latest.nr_versao"
    )
    assert rows == [
        *[(Decimal("100.00"), True, None, 1, 2)] * CORRECTIONS,
        (Decimal("0.00"), False, None, 1, 3),
        (Decimal("0.00"), True, None, 2, 3),
    ]


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
    assert in_steps.touched["history"] == {202301, 202302, 202303, 202304, 202305}
    assert in_steps.touched["a month"] == {202306}
    # corrected, late with the payments that waited for them, missing before, new
    assert in_steps.touched["later"] >= {202301, 202304, 202305, 202307, 202308}
    # payments of August to invoices beyond their reach waited for those of a later month; MOVED leaves May
    assert in_steps.touched["a month again"] == {202305, 202308, 202309}
    ((latest_issue,),) = in_steps.lake.rows(
        "select max(dt_emissao) from {lake}_curated.cards_payments where nr_carga = (select max(nr_carga)"
        " from {lake}_curated.cards_files) and greatest(dt_emissao, dt_pagamento) < date '2023-09-01'"
    )
    assert latest_issue < date(2023, 8 - REACH, 1)


def test_a_merge_is_told_the_months_of_its_rows(in_steps: Steps) -> None:
    assert in_steps.pruned == {"cards_invoice_versions", "cards_payment_versions", "cards_payment_invoices"}


def test_the_files_of_a_month_are_literals(in_steps: Steps) -> None:
    assert in_steps.told == {"cards_files"}


def test_a_file_that_lands_while_dbt_builds_breaks_no_law(at_once: Lake, tmp_path: Path) -> None:
    """Landed after the ledger was written, it is in the control table and in no table of the build."""
    late = tmp_path / "tb_pagamentos_202309_more.csv"
    late.write_text(f"{PAYMENT_HEADER}\nPG-1-99,1-1,1,2023-09-30,1.00\n", encoding="utf-8")
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
    # the corrected invoices and payments, the late invoices, and the three of MOVED are files more
    assert rows == [
        ("tb_faturas", 9, 9, 14, "2023-01-01", "2023-09-01"),
        ("tb_pagamentos", 9, 9, 10, "2023-01-01", "2023-09-01"),
    ]


def test_a_key_that_two_loads_left_there_twice_fails_its_test(at_once: Lake) -> None:
    """An invoice that was moved and left where it was, a payment that counts and waits."""
    twins = {
        "cards_invoice_versions": {"dt_emissao": "date_add('month', -1, dt_emissao)"},
        "cards_payment_invoices": {"dt_emissao": "date '9999-12-31'"},
    }
    for table, odd in twins.items():
        columns = list(at_once.comments(f"{at_once.name}_curated", table))
        values = [(odd | {"nr_carga": "1"}).get(column, column) for column in columns]
        at_once.rows(
            f"insert into {{lake}}_curated.{table} ({', '.join(columns)}) select {', '.join(values)} from"
            f" {{lake}}_curated.{table} where year(dt_emissao) * 100 + month(dt_emissao) = 202306 limit 1"
        )
    tests = [f"{model},test_name:primary_key" for model in ("cards_invoices", "cards_payment_invoices")]
    with pytest.raises(AssertionError) as failed:
        at_once.dbt("test", "--select", *tests, *VARS)
    for table in twins:
        at_once.rows(f"delete from {{lake}}_curated.{table} where nr_carga = 1")
    assert "FAIL 1 primary_key_cards_invoices_" in str(failed.value)
    assert "FAIL 1 primary_key_cards_payment_invoices_" in str(failed.value)
    at_once.dbt("test", "--select", *tests, *VARS)


def test_what_counts_and_is_odd_is_told(at_once: Lake, tmp_path: Path) -> None:
    """A payment that names another customer than its invoice, an invoice given to another, missing files."""
    (one,), (other,) = (
        at_once.rows(
            "select id_fatura, id_cliente, cast(dt_emissao as varchar), cast(dt_vencimento as varchar),"
            " vl_fatura, vl_pagamento_minimo from {lake}_curated.cards_invoices where id_fatura in"
            f" (select {rank}(id_fatura) from {{lake}}_curated.cards_payments where dt_emissao"
            " between date '2023-08-01' and date '2023-08-31')"
        )
        for rank in ("min", "max")
    )
    paid = tmp_path / "tb_pagamentos_202309_odd.csv"
    paid.write_text(f"{PAYMENT_HEADER}\nPG-odd,{one[0]},somebody,2023-09-30,1.00\n", encoding="utf-8")
    given = tmp_path / "tb_faturas_202308_odd.csv"
    given.write_text(
        f"{INVOICE_HEADER}\n{other[0]},somebody else,{','.join(map(str, other[2:]))}\n", encoding="utf-8"
    )
    _land(at_once, [paid, given])
    models = ("+cards_payments_divergent", "ops_expected_files")
    tests = ("cards_files_are_not_missing", "cards_payments_name_their_invoice_s_customer")
    of_november = ("--vars", f"{{cards_reach_months: {REACH}, run_date: 2023-11-30}}")
    said = at_once.dbt("build", "--select", *models, *tests, *SELECTED, *of_november)
    assert "Not here and past their day: tb_faturas_202310.csv, tb_pagamentos_202310.csv" in said
    assert "WARN 2 cards_files_are_not_missing" in said
    divergent = dict(
        at_once.rows(
            "select id_cliente_fatura, count(*) from {lake}_curated.cards_payments_divergent group by 1"
        )
    )
    assert divergent[one[1]] == 1
    assert set(divergent) == {one[1], "somebody else"}
    assert f"WARN {sum(divergent.values())} cards_payments_name_their_invoice_s_customer" in said
    compiled = at_once.target / "compiled/finlake/tests/singular" / f"{tests[1]}.sql"
    # payments and invoices of other months were not looked at
    assert "(dt_emissao >= date '2023-08-01' and dt_emissao < date '2023-09-01')" in compiled.read_text()
