"""Customers for the book: named oddities, each one that a peer's fault would show, and generated ones."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.python.lake.oracle_cards import Customer, Invoice, Payment
from tests.python.lake.oracle_lake import money

FIRST = date(2022, 11, 1)
LAST = date(2024, 6, 30)
DAYS = (LAST - FIRST).days
GENERATED = 100


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
    "twice-in-a-month": [
        invoice("tw-1", "2023-09-01", "2023-09-10", "30", "9", ("2023-09-04", "30")),
        invoice("tw-2", "2023-09-08", "2023-09-18", "35", "10.50", ("2023-09-20", "35")),
    ],
    "cured-and-late-again": [
        invoice("cl-1", "2022-12-01", "2022-12-10", "100", "30", ("2023-03-01", "100")),
        invoice("cl-2", "2023-04-01", "2023-04-10", "100", "30", ("2023-04-10", "100")),
        invoice("cl-3", "2023-05-01", "2023-05-10", "100", "30"),
    ],
}
ODD["buys-more-and-pays-less"] = [
    invoice(
        f"bm-{month}", f"2024-0{month}-02", f"2024-0{month}-12", amount, "30", (f"2024-0{month}-11", paid)
    )
    for month, (amount, paid) in enumerate([("100", "100")] * 3 + [("200", "10")] * 3, start=1)
]
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
            if due + timedelta(days=days) <= LAST
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
