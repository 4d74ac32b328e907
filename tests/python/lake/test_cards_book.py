"""The book against its oracle: every variable of every row, of named oddities and generated customers."""

from bisect import bisect
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import localaws
from tests.python.lake.book_tables import (
    OF_THE_LOAD,
    Key,
    Row,
    at,
    book_of,
    facts_of,
    month_of,
    table,
    values_of,
)
from tests.python.lake.lakes import PROJECT, Lake
from tests.python.lake.oracle_book import book_row
from tests.python.lake.oracle_cards import (
    LANDED,
    WINDOWS,
    Customer,
    bucket,
    month_number,
    observed,
    rounded,
    safras,
    share,
)
from tests.python.lake.oracle_corrections import corrections, count
from tests.python.lake.oracle_customers import NAMED, generated_customers
from tests.python.lake.oracle_lake import (
    WAITING_AMOUNT,
    WAITING_DAY,
    Facts,
    facts,
    first_known,
    put,
)
from tests.python.lake.oracle_portfolio import (
    UNITS,
    monthly_row,
    portfolio_row,
    received,
    stability,
    vintage_row,
)

pytestmark = pytest.mark.integration

BOOK = ("cards_corrections", "cards_customer_months", "cards_invoice_book")
MODELS = (
    "cards_invoice_status",
    *BOOK,
    "cards_vintages",
    "cards_portfolio_book",
    "cards_portfolio_monthly",
    "cards_book_stability",
)
ANALYSES = sorted(path.relative_to(PROJECT) for path in (PROJECT / "analyses" / "cards").glob("*.sql"))
FAIXAS = ("em_dia", "1-30", "31-60", "61-90", "90+")
# The months with which the first load ends, and the second.
HISTORY, NEW_MONTH = month_number(date(2023, 9, 1)), month_number(date(2023, 10, 1))


@dataclass(frozen=True, slots=True)
class Steps:
    """A lake that months came to one after the other, then corrections; its book after the last two loads."""

    lake: Lake
    first: Facts
    before: dict[Key, Row]
    new_month: dict[Key, Row]
    corrected: dict[Key, Row]


@pytest.fixture(scope="module")
def customers() -> list[Customer]:
    return NAMED + generated_customers()


@pytest.fixture(scope="module")
def lake(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    customers: list[Customer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    """All facts there at once, and the book and what is around it built from them."""
    made = Lake("book", tmp_path_factory.mktemp("book"), "book").create()
    put(made, facts(customers))
    made.dbt("build", "--select", *MODELS, "cards_variables", "--exclude-resource-type", "unit_test")
    made.dbt("compile", "--select", "path:analyses/cards")
    return made


@pytest.fixture(scope="module")
def book(lake: Lake) -> dict[Key, Row]:
    return book_of(lake)


@pytest.fixture(scope="module")
def steps(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    customers: list[Customer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Steps:
    """The same facts: the history, a month more, then the rest together with the corrections."""
    made = Lake("book_in_steps", tmp_path_factory.mktemp("steps"), "book-in-steps").create()
    first = facts(first_known(customers), [HISTORY, NEW_MONTH])
    books = []
    for given, models in (
        (first.up_to(1), MODELS),
        (first.up_to(2), BOOK),
        (facts(customers, [HISTORY, NEW_MONTH]), MODELS),
    ):
        put(made, given)
        made.dbt("run", "--select", *models)
        books.append(book_of(made))
    return Steps(made, first, *books)


def test_every_customer_has_a_row_while_an_invoice_lies_in_twelve_months(
    book: dict[Key, Row], customers: list[Customer]
) -> None:
    assert set(book) == {
        (one.identifier, month) for one in customers for month in safras(customers) if observed(one, month)
    }
    assert len(book) > 1000


def test_every_variable_is_what_its_definition_says(book: dict[Key, Row], customers: list[Customer]) -> None:
    wrong: list[str] = []
    values: dict[str, set[object]] = {}
    by_name = {one.identifier: one for one in customers}
    corrected = corrections(customers)
    for (identifier, month), row in book.items():
        expected = book_row(by_name[identifier], month)
        assert expected is not None
        expected["qt_correcoes"] = count(corrected[identifier], by_name[identifier], month)
        unchecked = set(row) - set(expected)
        assert unchecked == {"safra", "dt_referencia", "id_cliente"} | OF_THE_LOAD
        for name, value in expected.items():
            values.setdefault(name, set()).add(value)
            if row[name] != value:
                wrong.append(f"{by_name[identifier]} {row['safra']} {name}: {row[name]} instead of {value}")
    assert wrong == []
    constant = {name for name, seen in values.items() if len(seen) < 2}
    # nothing is 30 days past due in its own month, and hardly anything 90 in three
    assert constant <= {
        name
        for name in values
        if name.startswith(("qt_over", "qt_ever", "vl_over")) and name.endswith(("_u1m", "_u3m"))
    }


def test_month_by_month_and_all_at_once_give_the_same_rows(steps: Steps, book: dict[Key, Row]) -> None:
    assert set(steps.corrected) == set(book)
    different = [key for key, row in book.items() if facts_of(steps.corrected[key]) != facts_of(row)]
    assert different == []


def test_month_by_month_and_all_at_once_give_the_same_portfolio(steps: Steps, lake: Lake) -> None:
    for name in ("cards_vintages", "cards_portfolio_book", "cards_portfolio_monthly", "cards_book_stability"):
        at_once, in_steps = (
            sorted(str(facts_of(row)) for row in table(one, "refined", name)) for one in (lake, steps.lake)
        )
        assert at_once == in_steps, name
        assert at_once


def test_a_new_month_changes_no_row_of_a_month_before(steps: Steps) -> None:
    """Payments of the new month to invoices of the old ones among it."""
    assert len(steps.before) > 300
    assert {key: facts_of(row) for key, row in steps.new_month.items() if key[1] <= HISTORY} == {
        key: facts_of(row) for key, row in steps.before.items() if key[1] <= HISTORY
    }


def test_a_load_rewrites_the_months_from_the_first_that_it_touches(steps: Steps) -> None:
    """The second brings October; an earlier payment that its invoices let count is seen from October on."""
    loads = {
        load: {int(str(row["safra"])) for row in steps.new_month.values() if row["nr_carga"] == load}
        for load in (1, 2)
    }
    assert min(loads[2]) == 202310
    assert max(loads[1]) == 202309
    assert loads[1] == {int(str(row["safra"])) for row in steps.before.values()} - loads[2]


def test_a_row_that_a_correction_changes_says_so(steps: Steps) -> None:
    """Where the fact is, and where it was: in another month, or another customer."""
    changed = {
        key: (row, steps.corrected[key])
        for key, row in steps.new_month.items()
        if key[1] <= NEW_MONTH and key in steps.corrected and facts_of(steps.corrected[key]) != facts_of(row)
    }
    left = [("moved-later", 4), ("moved-sooner", 3), ("given-away", 5), ("paid-in-another-month", 5)]
    assert {(name, month_number(date(2023, month, 1))) for name, month in left} <= set(changed)
    for before, after in changed.values():
        # a correction of before the relationship, which begins later since then, is none of its rows'
        if int(str(after["qt_meses_relacionamento"])) < int(str(before["qt_meses_relacionamento"])):
            continue
        assert int(str(after["qt_correcoes"])) > int(str(before["qt_correcoes"]))
        assert after["ts_fato_mais_recente"] == LANDED + timedelta(days=3)


def test_windows_end_with_the_reference_month_and_not_with_the_last_invoice(book: dict[Key, Row]) -> None:
    row = at(book, "several-payments", 2023, 5)
    assert (row["qt_faturas_u1m"], row["qt_faturas_u3m"], row["qt_faturas_u6m"]) == (0, 0, 2)
    assert (row["vl_fatura_total_u3m"], row["vl_fatura_medio_u3m"]) == (Decimal("0.00"), None)


def test_windows_have_a_lower_and_an_upper_bound(book: dict[Key, Row]) -> None:
    """Two invoices: none but the first is known in the first month, none but the second a year later."""
    assert at(book, "months-later", 2023, 1)["qt_faturas_u12m"] == 1
    assert at(book, "months-later", 2023, 2)["qt_faturas_u12m"] == 2
    assert at(book, "months-later", 2023, 2)["qt_faturas_u1m"] == 1
    assert at(book, "months-later", 2024, 1)["qt_faturas_u12m"] == 1
    assert ("months-later", month_number(date(2024, 2, 1))) not in book
    assert at(book, "gap-of-months", 2023, 12)["qt_faturas_u12m"] == 1
    assert at(book, "gap-of-months", 2024, 5)["qt_faturas_u12m"] == 1


def test_a_late_payment_does_not_leak_into_the_months_before_it(book: dict[Key, Row]) -> None:
    before, after = (at(book, "months-later", 2023, month) for month in (8, 9))
    assert (before["vl_pago_total_u12m"], before["qt_sem_pagamento_u12m"]) == (Decimal("0.00"), 2)
    assert (after["vl_pago_total_u12m"], after["qt_sem_pagamento_u12m"]) == (Decimal("800.00"), 1)
    assert before["qt_dpd_max_u12m"] == (date(2023, 8, 31) - date(2023, 2, 10)).days
    assert after["qt_dpd_max_u12m"] == (date(2023, 9, 15) - date(2023, 2, 10)).days


def test_all_payments_of_an_invoice_count_and_not_the_latest_alone(book: dict[Key, Row]) -> None:
    row = at(book, "several-payments", 2023, 1)
    assert (row["vl_pago_total_u1m"], row["qt_pagamentos_u1m"], row["qt_parcial_u1m"]) == (
        Decimal("350.00"),
        2,
        1,
    )
    assert row["qt_pago_em_dia_u1m"] == 1
    assert row["qt_dpd_max_u1m"] == 10


def test_ids_count_whole_and_are_not_cut_by_position(book: dict[Key, Row]) -> None:
    rows = [at(book, identifier, 2023, 2) for identifier in ("ab12", "cd12", "z")]
    assert [row["vl_fatura_total_u1m"] for row in rows] == [Decimal(100), Decimal(200), Decimal(300)]
    assert [row["vl_pago_total_u1m"] for row in rows] == [Decimal(100), Decimal(0), Decimal(90)]


def test_a_token_payment_does_not_stop_the_clock(book: dict[Key, Row]) -> None:
    row = at(book, "token-payment", 2023, 3)
    assert (row["qt_dias_atraso_max_u3m"], row["qt_dpd_max_u3m"], row["qt_over60_u3m"]) == (None, 80, 1)
    assert row["fl_fpd"] is True


def test_labels_are_written_in_one_way_and_agree_with_the_counts(
    lake: Lake, book: dict[Key, Row], customers: list[Customer]
) -> None:
    rows = table(lake, "curated", "cards_invoice_status")
    seen = {(row["id_fatura"], month_of(row)): row for row in rows}
    expected = {
        (one.invoice.identifier, month): (one.by_date, one.by_value, FAIXAS[bucket(one.running_days)])
        for customer in customers
        for month in safras(customers)
        for one in observed(customer, month)
    }
    assert {
        key: (row["ds_pagamento_por_data"], row["ds_pagamento_por_valor"], row["ds_faixa"])
        for key, row in seen.items()
    } == expected
    for variable, label in (("qt_sem_pagamento", "SEM_PAGAMENTO"), ("qt_pago_antecipado", "ANTECIPADO")):
        labelled = sum(row["ds_pagamento_por_data"] == label for row in rows)
        assert labelled == sum(int(str(row[f"{variable}_u12m"])) for row in book.values()) > 0
    at_minimum = sum(row["ds_pagamento_por_valor"] == "MINIMO" for row in rows)
    assert at_minimum == sum(int(str(row["qt_pago_no_minimo_u12m"])) for row in book.values()) > 0


def test_the_portfolio_s_counts_and_sums_are_the_customers(lake: Lake) -> None:
    for months in WINDOWS:
        w = f"u{months}m"
        different = lake.rows(
            f"""
            select portfolio.safra
            from {{lake}}_refined.cards_portfolio_book as portfolio
            full outer join (
                select
                    safra,
                    sum(qt_faturas_{w}) as qt_faturas,
                    sum(vl_fatura_total_{w}) as vl_faturas,
                    sum(qt_pagamentos_{w}) as qt_pagamentos,
                    sum(vl_pago_total_{w}) as vl_pago,
                    sum(qt_atrasos_{w}) as qt_atrasos,
                    max(qt_dias_atraso_max_{w}) as qt_dias_atraso_max,
                    sum(vl_em_atraso_{w}) as vl_em_atraso,
                    count_if(qt_faturas_{w} > 0) as qt_clientes
                from {{lake}}_refined.cards_invoice_book
                group by safra
            ) as customers
                on portfolio.safra = customers.safra
            where
                coalesce(portfolio.ds_janela, 'U{months}M') = 'U{months}M'
                and (
                    portfolio.total_faturas, portfolio.valor_total_faturas, portfolio.total_pagamentos,
                    portfolio.valor_total_pagamentos, portfolio.total_atrasos,
                    coalesce(portfolio.max_dias_atraso, -1), portfolio.valor_inadimplente,
                    portfolio.total_clientes
                ) is distinct from (
                    customers.qt_faturas, customers.vl_faturas, customers.qt_pagamentos, customers.vl_pago,
                    customers.qt_atrasos, coalesce(customers.qt_dias_atraso_max, -1), customers.vl_em_atraso,
                    customers.qt_clientes
                )
            """
        )
        assert different == []
    assert len(lake.rows("select distinct ds_janela from {lake}_refined.cards_portfolio_book")) == 5


def test_every_column_of_the_portfolio_is_what_its_definition_says(
    lake: Lake, customers: list[Customer]
) -> None:
    rows = {
        (month_of(row), str(row["ds_janela"])): row for row in table(lake, "refined", "cards_portfolio_book")
    }
    assert set(rows) == {(month, f"U{months}M") for month in safras(customers) for months in WINDOWS}
    for (month, window), row in rows.items():
        assert values_of(row) == portfolio_row(customers, month, int(window[1:-1])), (row["safra"], window)
    assert min(int(str(row["total_faturas"])) for row in rows.values()) == 0


def test_the_months_of_the_portfolio_are_what_their_definitions_say(
    lake: Lake, customers: list[Customer]
) -> None:
    """Every way from bucket to bucket, and out; money by its day, to invoices of any age or of none."""
    rows = {month_of(row): row for row in table(lake, "refined", "cards_portfolio_monthly")}
    assert set(rows) == set(safras(customers))
    for month, row in rows.items():
        waiting = Fraction(WAITING_AMOUNT if month == month_number(WAITING_DAY) else 0)
        expected = monthly_row(customers, month) | received(customers, waiting, month)
        invoiced, money = (Fraction(str(expected[name])) for name in ("vl_faturado", "vl_recebido"))
        expected["pc_recebido_sobre_faturado"] = rounded(share(money, invoiced), 8)
        assert values_of(row) == expected, row["safra"]


def test_what_is_no_longer_observed_is_no_cure(book: dict[Key, Row], lake: Lake) -> None:
    """Unpaid for twelve months, then no longer seen: what is left to see is better, and that is no cure."""
    before, after = at(book, "left-uncovered", 2023, 12), at(book, "left-uncovered", 2024, 1)
    assert (before["qt_dpd_max_u12m"], after["qt_dpd_max_u12m"]) == (353, 42)
    assert after["qt_regularizacoes"] == before["qt_regularizacoes"] == 0
    rolled = lake.rows(
        "select nr_faixa_anterior, nr_faixa, nr_faixa_rolagem from {lake}_curated.cards_customer_months"
        " where (id_cliente = 'left-uncovered' and safra = 202401)"
        " or (id_cliente = 'months-later' and safra = 202402) order by id_cliente"
    )
    assert rolled == [(4, 2, 5), (4, 0, 5)]


def test_vintages_are_what_their_definitions_say(lake: Lake, customers: list[Customer]) -> None:
    found = []
    for row in table(lake, "refined", "cards_vintages"):
        issue_month = row["dt_mes_emissao"]
        assert isinstance(issue_month, date)
        found.append((month_of(row), month_number(issue_month)))
        assert values_of(row) == vintage_row(customers, *found[-1])
    issued = {month_number(invoice.issued) for customer in customers for invoice in customer.invoices}
    assert sorted(found) == [
        (month, issue) for month in safras(customers) for issue in sorted(issued) if 0 <= month - issue < 12
    ]


def test_stability_compares_every_variable_with_the_month_before(lake: Lake, book: dict[Key, Row]) -> None:
    rows = table(lake, "refined", "cards_book_stability")
    months = sorted({key[1] for key in book})
    found = {(month_of(row), str(row["ds_variavel"])): float(str(row["pc_psi"])) for row in rows}
    assert set(found) == {(month, name) for month in months[1:] for name in UNITS}
    for (month, name), psi in found.items():
        now, before = (
            [row[name] for key, row in book.items() if key[1] == one] for one in (month, month - 1)
        )
        assert psi == pytest.approx(stability(name, now, before), abs=1e-6), (month, name)
    labels = {(bisect((0.1, 0.25), float(str(row["pc_psi"]))), row["ds_estabilidade"]) for row in rows}
    assert labels == {(0, "estavel"), (1, "atencao"), (2, "instavel")}


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda path: path.stem)
def test_what_a_credit_analyst_asks_first_is_answered(lake: Lake, analysis: Path) -> None:
    compiled = lake.target / "compiled" / "finlake" / analysis
    rows = lake.rows(compiled.read_text(encoding="utf-8"))
    assert rows
    assert not all(value is None for value in rows[0])
