"""The book against its oracle: every variable of every row, of named oddities and generated customers."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import localaws
from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_cards import (
    Customer,
    Invoice,
    Payment,
    book_row,
    month_number,
    safras,
)
from tests.python.lake.oracle_lake import facts, money, put

pytestmark = pytest.mark.integration

MODELS = ("cards_customer_months", "cards_invoice_book")
FIRST = date(2022, 11, 1)
DAYS = (date(2024, 6, 30) - FIRST).days
GENERATED = 150


def invoice(
    identifier: str, issued: str, due: str, amount: str, minimum: str, *payments: tuple[str, str]
) -> Invoice:
    return Invoice(
        identifier,
        date.fromisoformat(issued),
        date.fromisoformat(due),
        money(amount),
        money(minimum),
        tuple(Payment(date.fromisoformat(day), money(paid)) for day, paid in payments),
    )


# Each is one oddity, with whose help a peer's fault shows.
ODD = {
    "several-payments": [
        invoice(
            "sp-1", "2023-01-01", "2023-01-10", "1000", "300", ("2023-01-08", "100"), ("2023-01-20", "250")
        ),
        invoice("sp-2", "2023-02-01", "2023-02-10", "90", "30", ("2023-02-10", "10"), ("2023-02-10", "20")),
    ],
    "token-payment": [
        invoice("tp-1", "2023-01-01", "2023-01-10", "1000", "300", ("2023-01-09", "1"), ("2023-04-20", "299"))
    ],
    "before-the-invoice": [invoice("bi-1", "2023-03-05", "2023-03-20", "500", "150", ("2023-02-27", "200"))],
    "months-later": [
        invoice("ml-1", "2023-01-31", "2023-02-10", "800", "240", ("2023-09-15", "800")),
        invoice("ml-2", "2023-02-28", "2023-03-10", "700", "210"),
    ],
    "above-the-amount": [invoice("aa-1", "2023-05-01", "2023-05-10", "100", "30", ("2023-05-10", "150"))],
    "leap-day": [
        invoice("ld-1", "2024-01-30", "2024-02-29", "400", "120", ("2024-02-29", "120")),
        invoice("ld-2", "2024-02-29", "2024-03-30", "400", "120", ("2024-03-31", "119.99")),
    ],
    "due-next-month": [
        invoice("dn-1", "2023-04-25", "2023-05-10", "310", "93", ("2023-05-09", "310")),
        invoice("dn-2", "2023-05-25", "2023-06-10", "311", "93.30"),
    ],
    "gap-of-months": [
        invoice("gm-1", "2023-01-05", "2023-01-20", "50", "15"),
        invoice("gm-2", "2024-05-05", "2024-05-20", "70", "21", ("2024-05-20", "21")),
    ],
    "end-of-month": [invoice("em-1", "2023-08-31", "2023-08-31", "60", "18")],
    "nothing-asked": [
        invoice("na-1", "2023-06-01", "2023-06-10", "0", "0"),
        invoice("na-2", "2023-07-01", "2023-07-10", "20", "0"),
    ],
    "payment-of-nothing": [
        invoice("pn-1", "2023-06-01", "2023-06-10", "80", "24", ("2023-06-05", "0"), ("2023-06-12", "80"))
    ],
    "two-in-a-month": [
        invoice("tm-1", "2023-03-01", "2023-03-10", "10", "3", ("2023-03-10", "10")),
        invoice("tm-2", "2023-03-15", "2023-04-10", "20", "6", ("2023-06-30", "6")),
        invoice("tm-3", "2023-05-15", "2023-05-25", "40", "12", ("2023-05-25", "12.01")),
    ],
    "cured-and-late-again": [
        invoice("cl-1", "2022-12-01", "2022-12-10", "100", "30", ("2023-03-01", "100")),
        invoice("cl-2", "2023-04-01", "2023-04-10", "100", "30", ("2023-04-10", "100")),
        invoice("cl-3", "2023-05-01", "2023-05-10", "100", "30"),
    ],
}
NAMED = [Customer(name, tuple(invoices)) for name, invoices in ODD.items()]


@st.composite
def amounts(draw: st.DrawFn) -> tuple[Decimal, Decimal]:
    """An invoice's amount and its minimum, never above it."""
    cents = draw(st.one_of(st.integers(0, 300), st.integers(0, 5_000_000)))
    share = draw(st.sampled_from([0, 15, 30, 30, 30, 100]))
    return Decimal(cents).scaleb(-2), Decimal(cents * share // 100).scaleb(-2)


@st.composite
def invoices(draw: st.DrawFn) -> Invoice:
    issued = FIRST + timedelta(days=draw(st.integers(0, DAYS)))
    due = issued + timedelta(days=draw(st.integers(0, 45)))
    amount, minimum = draw(amounts())
    cent = Decimal("0.01")
    sums = [
        amount,
        minimum,
        minimum + cent,
        max(minimum - cent, Decimal(0)),
        amount + 5,
        amount / 3,
        Decimal(0),
    ]
    payments = draw(
        st.lists(
            st.tuples(st.one_of(st.integers(-5, 40), st.integers(-45, 400)), st.sampled_from(sums)),
            max_size=3,
        )
    )
    return Invoice(
        "",
        issued,
        due,
        amount,
        minimum,
        tuple(
            Payment(due + timedelta(days=days), paid.quantize(cent), draw(st.sampled_from([1, 1, 1, 2])))
            for days, paid in payments
        ),
        draw(st.sampled_from([1, 1, 1, 2])),
    )


def generated_customers() -> list[Customer]:
    """Customers by hypothesis, one an example."""
    made: list[Customer] = []

    @settings(
        max_examples=GENERATED,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.lists(invoices(), min_size=1, max_size=14))
    def collect(drawn: list[Invoice]) -> None:
        number = len(made)
        made.append(
            Customer(
                f"g{number}",
                tuple(
                    Invoice(
                        f"g{number}-{place}",
                        one.issued,
                        one.due,
                        one.amount,
                        one.minimum,
                        one.payments,
                        one.version,
                    )
                    for place, one in enumerate(drawn)
                ),
            )
        )

    collect()
    return made


@pytest.fixture(scope="module")
def customers() -> list[Customer]:
    return NAMED + generated_customers()


@pytest.fixture(scope="module")
def lake(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    customers: list[Customer],
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    """All facts there at once, and the book built from them."""
    made = Lake("book", tmp_path_factory.mktemp("book"), "book").create()
    put(made, facts(customers))
    made.dbt("run", "--select", *MODELS)
    return made


def book_of(lake: Lake) -> dict[tuple[str, int], dict[str, object]]:
    """The rows of the book by customer and month (months since year 0)."""
    columns = list(lake.comments(f"{lake.name}_refined", "cards_invoice_book"))
    rows = lake.rows(f"select {', '.join(columns)} from {{lake}}_refined.cards_invoice_book")
    named = [dict(zip(columns, row, strict=True)) for row in rows]
    return {(row["id_cliente"], month_number(row["dt_referencia"])): row for row in named}


@pytest.fixture(scope="module")
def book(lake: Lake) -> dict[tuple[str, int], dict[str, object]]:
    return book_of(lake)


def test_every_customer_has_a_row_while_an_invoice_lies_in_twelve_months(
    book: dict[tuple[str, int], dict[str, object]], customers: list[Customer]
) -> None:
    months = safras(customers)
    expected = {
        (one.identifier, month) for one in customers for month in months if book_row(one, month) is not None
    }
    assert set(book) == expected


def test_every_variable_is_what_its_definition_says(
    book: dict[tuple[str, int], dict[str, object]], customers: list[Customer]
) -> None:
    wrong: list[str] = []
    for customer in customers:
        for month in safras(customers):
            expected = book_row(customer, month)
            if expected is None:
                continue
            row = book[customer.identifier, month]
            unchecked = set(row) - set(expected) - {"safra", "dt_referencia", "id_cliente", "nr_carga"}
            assert unchecked == {"ts_fato_mais_recente"}
            wrong += [
                f"{customer} {row['safra']} {name}: {row[name]} instead of {value}"
                for name, value in expected.items()
                if row[name] != value
            ]
    assert wrong == []
