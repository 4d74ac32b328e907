"""The book against its oracle: every variable of every row, of named oddities and generated customers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor, log, log2
from pathlib import Path

import pytest

import localaws
from tests.python.lake.lakes import PROJECT, Lake
from tests.python.lake.oracle_cards import (
    Customer,
    Seen,
    book_row,
    bucket,
    last_day,
    month_number,
    observed,
    rounded,
    safras,
    share,
)
from tests.python.lake.oracle_customers import NAMED, generated_customers
from tests.python.lake.oracle_lake import Facts, corrected, facts, put, uncorrected

pytestmark = pytest.mark.integration

BOOK = ("cards_customer_months", "cards_invoice_book")
MODELS = (
    "cards_invoice_status",
    *BOOK,
    "cards_vintages",
    "cards_portfolio_book",
    "cards_portfolio_monthly",
    "cards_book_stability",
)
WINDOWS = (1, 3, 6, 9, 12)
BUCKETS = ("em_dia", "1_30", "31_60", "61_90", "acima_90")
ANALYSES = sorted(path.relative_to(PROJECT) for path in (PROJECT / "analyses" / "cards").glob("*.sql"))
OF_THE_LOAD = {"nr_carga", "ts_fato_mais_recente"}
# The months with which the first load ends, and the second.
HISTORY, NEW_MONTH = month_number(date(2023, 9, 1)), month_number(date(2023, 10, 1))

Row = dict[str, object]
Key = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Steps:
    """A lake that months came to one after the other, then corrections; its book after the last two loads."""

    lake: Lake
    loads: Facts
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
    loads = facts(customers, [HISTORY, NEW_MONTH])
    books = []
    first = uncorrected(loads)
    for given, models in (
        (first.up_to(1), MODELS),
        (first.up_to(2), BOOK),
        (corrected(loads, load=3), MODELS),
    ):
        put(made, given)
        made.dbt("run", "--select", *models)
        books.append(book_of(made))
    return Steps(made, loads, *books)


def book_of(lake: Lake) -> dict[Key, Row]:
    """The rows of the book by customer and month (months since year 0)."""
    rows = table(lake, "refined", "cards_invoice_book")
    return {(str(row["id_cliente"]), _month(row)): row for row in rows}


def table(lake: Lake, layer: str, name: str) -> list[Row]:
    columns = list(lake.comments(f"{lake.name}_{layer}", name))
    rows = lake.rows(f"select {', '.join(columns)} from {{lake}}_{layer}.{name}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def _month(row: Row) -> int:
    day = row["dt_referencia"]
    assert isinstance(day, date)
    return month_number(day)


def _facts_of(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in OF_THE_LOAD}


def at(book: dict[Key, Row], customer: str, year: int, month: int) -> Row:
    return book[customer, month_number(date(year, month, 1))]


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
    for (identifier, month), row in book.items():
        expected = book_row(by_name[identifier], month)
        assert expected is not None
        unchecked = set(row) - set(expected)
        assert unchecked == {"safra", "dt_referencia", "id_cliente"} | OF_THE_LOAD
        for name, value in expected.items():
            values.setdefault(name, set()).add(value)
            if row[name] != value:
                wrong.append(f"{by_name[identifier]} {row['safra']} {name}: {row[name]} instead of {value}")
    assert wrong == []
    constant = {name for name, seen in values.items() if len(seen) < 2}
    # nothing is 30 days past due in its own month, and hardly anything 90 in three
    assert constant <= {name for name in values if "over" in name and name.endswith(("_u1m", "_u3m"))}


def test_month_by_month_and_all_at_once_give_the_same_rows(steps: Steps, book: dict[Key, Row]) -> None:
    assert set(steps.corrected) == set(book)
    different = [key for key, row in book.items() if _facts_of(steps.corrected[key]) != _facts_of(row)]
    assert different == []


def test_month_by_month_and_all_at_once_give_the_same_portfolio(steps: Steps, lake: Lake) -> None:
    for name in ("cards_vintages", "cards_portfolio_book", "cards_portfolio_monthly", "cards_book_stability"):
        at_once, in_steps = (
            sorted(str(_facts_of(row)) for row in table(one, "refined", name)) for one in (lake, steps.lake)
        )
        assert at_once == in_steps, name
        assert at_once


def test_a_new_month_changes_no_row_of_a_month_before(steps: Steps) -> None:
    """Payments of the new month to invoices of the old ones among it."""
    assert len(steps.before) > 300
    assert {key: _facts_of(row) for key, row in steps.new_month.items() if key[1] <= HISTORY} == {
        key: _facts_of(row) for key, row in steps.before.items() if key[1] <= HISTORY
    }


def test_a_load_rewrites_the_months_from_the_first_that_it_touches(steps: Steps) -> None:
    touched = uncorrected(steps.loads).up_to(2).touched()
    first = min(int(row["safra"]) for row in touched if row["nr_carga"] == 2)
    loads = {
        load: {int(str(row["safra"])) for row in steps.new_month.values() if row["nr_carga"] == load}
        for load in (1, 2)
    }
    assert min(loads[2]) == first
    assert loads[1] == {int(str(row["safra"])) for row in steps.before.values()} - loads[2]
    assert max(loads[1]) < first


def test_a_row_that_a_correction_changes_says_so(steps: Steps) -> None:
    changed = [
        (row, steps.corrected[key])
        for key, row in steps.new_month.items()
        if key[1] <= NEW_MONTH and _facts_of(steps.corrected[key]) != _facts_of(row)
    ]
    assert changed
    assert all(
        int(str(after["qt_correcoes"])) > int(str(before["qt_correcoes"])) for before, after in changed
    )


def test_windows_end_with_the_reference_month_and_not_with_the_last_invoice(book: dict[Key, Row]) -> None:
    row = at(book, "several-payments", 2023, 5)
    assert (row["qt_faturas_u1m"], row["qt_faturas_u3m"], row["qt_faturas_u6m"]) == (0, 0, 2)
    assert (row["vl_fatura_total_u3m"], row["vl_fatura_medio_u3m"]) == (Decimal("0.00"), None)


def test_windows_have_a_lower_and_an_upper_bound(book: dict[Key, Row]) -> None:
    assert at(book, "months-later", 2023, 1)["qt_faturas_u12m"] == 1
    assert at(book, "months-later", 2024, 1)["qt_faturas_u12m"] == 1
    assert ("months-later", month_number(date(2024, 2, 1))) not in {
        key for key in book if key[1] == month_number(date(2024, 2, 1)) and book[key]["qt_faturas_u12m"] == 0
    }
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


def test_a_token_payment_does_not_stop_the_clock(book: dict[Key, Row]) -> None:
    row = at(book, "token-payment", 2023, 3)
    assert (row["qt_dias_atraso_max_u3m"], row["qt_dpd_max_u3m"], row["qt_over60_u3m"]) == (None, 80, 1)
    assert row["fl_fpd"] is True


def test_labels_are_written_in_one_way_and_agree_with_the_counts(
    lake: Lake, book: dict[Key, Row], customers: list[Customer]
) -> None:
    rows = table(lake, "curated", "cards_invoice_status")
    seen = {(row["id_fatura"], _month(row)): row for row in rows}
    expected = {
        (one.invoice.identifier, month): _labels(one)
        for customer in customers
        for month in safras(customers)
        for one in observed(customer, month)
    }
    assert {
        key: (row["ds_pagamento_por_data"], row["ds_pagamento_por_valor"], row["ds_faixa"])
        for key, row in seen.items()
    } == expected
    unpaid = sum(row["ds_pagamento_por_data"] == "SEM_PAGAMENTO" for row in rows)
    assert unpaid == sum(int(str(row["qt_sem_pagamento_u12m"])) for row in book.values()) > 0


def _labels(one: Seen) -> tuple[str | None, str | None, str]:
    days = one.days_to_payment
    if days is None:
        by_date = "SEM_PAGAMENTO" if one.is_due else None
        by_value = "INSUFICIENTE" if one.is_due else None
    else:
        by_date = "ANTECIPADO" if days < 0 else "NO_PRAZO" if days == 0 else "ATRASADO"
        by_value = next(
            label
            for holds, label in (
                (one.paid < one.minimum, "INSUFICIENTE"),
                (one.paid > one.amount, "ACIMA"),
                (one.paid == one.amount, "TOTAL"),
                (one.paid <= one.minimum + Fraction(1, 100), "MINIMO"),
                (True, "PARCIAL"),
            )
            if holds
        )
    return by_date, by_value, ("em_dia", "1-30", "31-60", "61-90", "90+")[bucket(one.running_days)]


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
                    count_if(qt_faturas_{w} > 0) as qt_clientes,
                    cast(cast(sum(qt_abaixo_minimo_{w}) as decimal(38, 8))
                        / nullif(sum(qt_vencidas_{w}), 0) as decimal(18, 8)) as pc_abaixo_minimo,
                    cast(cast(sum(qt_pago_em_dia_{w}) as decimal(38, 8))
                        / nullif(sum(qt_vencidas_{w}), 0) as decimal(18, 8)) as pc_pago_em_dia
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
                    portfolio.total_clientes, coalesce(portfolio.percentual_inadimplencia, -1),
                    coalesce(portfolio.percentual_pagamento_prazo, -1)
                ) is distinct from (
                    customers.qt_faturas, customers.vl_faturas, customers.qt_pagamentos, customers.vl_pago,
                    customers.qt_atrasos, coalesce(customers.qt_dias_atraso_max, -1), customers.vl_em_atraso,
                    customers.qt_clientes, coalesce(customers.pc_abaixo_minimo, -1),
                    coalesce(customers.pc_pago_em_dia, -1)
                )
                and not (portfolio.safra is null and customers.qt_clientes = 0)
            """
        )
        assert different == []
    assert len(lake.rows("select distinct ds_janela from {lake}_refined.cards_portfolio_book")) == 5


def test_the_months_of_the_portfolio_are_what_their_definitions_say(
    lake: Lake, customers: list[Customer]
) -> None:
    rows = {_month(row): row for row in table(lake, "refined", "cards_portfolio_monthly")}
    for month in safras(customers):
        here = [one for one in customers if observed(one, month)]
        assert bool(here) == (month in rows)
        if not here:
            continue
        now = {one.identifier: _bucket_of(one, month) for one in here}
        then = {one.identifier: _bucket_of(one, month - 1) for one in here if _known(one, month - 1)}
        row = rows[month]
        issued = [one for customer in here for one in observed(customer, month, 1)]
        assert row["vl_faturado"] == rounded(sum((one.amount for one in issued), Fraction(0)), 2)
        assert row["vl_recebido"] == rounded(
            sum(
                (_received(one, month) for customer in here for one in observed(customer, month)), Fraction(0)
            ),
            2,
        )
        for origin, origin_name in enumerate(BUCKETS):
            assert row[f"qt_clientes_{origin_name}"] == sum(one == origin for one in now.values())
            came = [one for one, was in then.items() if was == origin]
            for destination, name in enumerate(BUCKETS):
                went = sum(now[one] == destination for one in came)
                expected = rounded(share(went, len(came)), 8)
                assert row[f"pc_rolagem_{origin_name}_para_{name}"] == expected, (row["safra"], origin_name)


def _known(customer: Customer, month: int) -> bool:
    return min(month_number(one.issued) for one in customer.invoices) <= month


def _bucket_of(customer: Customer, month: int) -> int:
    return bucket(max((one.running_days for one in observed(customer, month)), default=0))


def _received(one: Seen, month: int) -> Fraction:
    """What the month brought: what was paid up to its end, less what had been a month before."""
    if month_number(one.invoice.issued) == month:
        return one.paid
    return one.paid - Seen(one.invoice, last_day(month - 1)).paid


def test_vintages_are_what_their_definitions_say(lake: Lake, customers: list[Customer]) -> None:
    rows = table(lake, "refined", "cards_vintages")
    for row in rows:
        issue_month = row["dt_mes_emissao"]
        assert isinstance(issue_month, date)
        vintage = [
            one
            for customer in customers
            for one in observed(customer, _month(row))
            if month_number(one.invoice.issued) == month_number(issue_month)
        ]
        amount = sum((one.amount for one in vintage), Fraction(0))
        assert row["qt_faturas"] == len(vintage) > 0
        assert row["qt_meses_desde_emissao"] == _month(row) - month_number(issue_month)
        assert row["pc_pago"] == rounded(share(sum((one.paid for one in vintage), Fraction(0)), amount), 8)
        for days in (30, 60, 90):
            over = [one for one in vintage if one.days_past_due > days]
            assert row[f"pc_over{days}"] == rounded(share(len(over), len(vintage)), 8)
            assert row[f"pc_valor_over{days}"] == rounded(
                share(sum((one.amount for one in over), Fraction(0)), amount), 8
            )
    assert max(int(str(row["qt_meses_desde_emissao"])) for row in rows) == 11


def test_stability_compares_every_variable_with_the_month_before(lake: Lake, book: dict[Key, Row]) -> None:
    rows = table(lake, "refined", "cards_book_stability")
    variables = {str(row["ds_variavel"]) for row in rows}
    assert variables == set(next(iter(book.values()))) - OF_THE_LOAD - {
        "safra",
        "dt_referencia",
        "id_cliente",
        "qt_correcoes",
    }
    months = sorted({key[1] for key in book})
    assert {_month(row) for row in rows} == set(months[1:])
    for row in rows:
        if row["ds_variavel"] in {"vl_fatura_total_u3m", "pc_pago_u12m", "fl_fpd"}:
            psi = _psi(book, str(row["ds_variavel"]), _month(row))
            assert float(str(row["pc_psi"])) == pytest.approx(psi, abs=1e-6)


def _psi(book: dict[Key, Row], variable: str, month: int) -> float:
    now, before = (
        [_bin(row[variable]) for key, row in book.items() if key[1] == one] for one in (month, month - 1)
    )
    psi = 0.0
    for one in set(now) | set(before):
        p, q = (max(values.count(one) / len(values), 1e-4) for values in (now, before))
        psi += (p - q) * log(p / q)
    return psi


def _bin(value: object) -> int | None:
    if value is None:
        return None
    number = float(str(int(value) if isinstance(value, bool) else value))
    return 0 if number == 0 else (500 + floor(2 * log2(abs(number)))) * (1 if number > 0 else -1)


@pytest.mark.parametrize("analysis", ANALYSES, ids=lambda path: path.stem)
def test_what_a_credit_analyst_asks_first_is_answered(lake: Lake, analysis: Path) -> None:
    compiled = lake.target / "compiled" / "finlake" / analysis
    rows = lake.rows(compiled.read_text(encoding="utf-8"))
    assert rows
    assert not all(value is None for value in rows[0])
