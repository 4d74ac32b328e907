"""Customers for the book: named oddities, each one that a peer's fault would show, and generated ones."""

from dataclasses import replace
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


def _was(now: Invoice, *issued: str, customer: str | None = None) -> Invoice:
    """This invoice, which was issued on these days before it was corrected, maybe to another customer."""
    return replace(now, formers=tuple(map(date.fromisoformat, issued)), former_customer=customer)


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
        invoice("na-3", "2023-08-01", "2023-08-10", "0", "0", ("2023-08-12", "5"), ("2023-09-01", "5")),
        invoice("na-4", "2023-09-01", "2023-09-10", "30", "0", ("2023-09-08", "0.01")),
    ],
    "a-cent-short": [
        invoice("cs-1", "2023-03-01", "2023-03-10", "100", "30", ("2023-03-10", "29.99")),
        invoice("cs-2", "2023-04-01", "2023-04-10", "30", "30", ("2023-04-10", "30")),
        invoice("cs-3", "2023-05-01", "2023-05-10", "30", "30", ("2023-05-10", "29.99")),
    ],
    "not-yet-due": [
        invoice(
            "nd-1", "2023-08-20", "2023-10-05", "200", "60", ("2023-08-25", "100"), ("2023-08-28", "100")
        ),
        invoice("nd-2", "2023-08-21", "2023-10-06", "210", "63", ("2023-08-25", "63")),
    ],
    # 0.005 exactly, and a spread of which eight decimals alone say that it is not below a half
    "spread-of-a-half-cent": [
        *(
            invoice(f"sh-{place}", "2023-03-01", "2023-03-10", amount, "0")
            for place, amount in enumerate(["10.00", "10.00", "10.00", "10.01"])
        ),
        invoice("sh-4", "2024-04-01", "2024-04-10", "1000.00", "0"),
        invoice("sh-5", "2024-04-02", "2024-04-10", "5708.32", "0"),
    ],
    # unpaid until it is no longer observed, beside another one, and alone
    "left-uncovered": [
        invoice("lu-1", "2023-01-02", "2023-01-12", "100", "30"),
        invoice("lu-2", "2023-11-20", "2023-12-20", "80", "24"),
        invoice("lu-3", "2024-01-20", "2024-02-20", "70", "21", ("2024-02-20", "70")),
    ],
    # before all others, however they are corrected
    "the-first": [invoice("tf-1", "2022-08-01", "2022-08-10", "100", "30", ("2022-08-10", "100"))],
    "paid-after-a-year": [
        invoice("py-1", "2022-12-01", "2022-12-10", "100", "30", ("2024-03-15", "90")),
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
    # alike where ids are cut by position (the third and fourth character), and too short for it
    "ab12": [invoice("ab12-1", "2023-02-01", "2023-02-10", "100", "30", ("2023-02-10", "100"))],
    "cd12": [invoice("cd12-1", "2023-02-01", "2023-02-10", "200", "60")],
    "z": [invoice("z", "2023-02-01", "2023-02-10", "300", "90", ("2023-02-10", "90"))],
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
# What was corrected: an invoice of another month or of another customer, a payment of another month.
MOVED = {
    "moved-later": [
        _was(invoice("mr-1", "2023-08-10", "2023-08-20", "150", "45", ("2023-08-19", "45")), "2023-04-10"),
        invoice("mr-2", "2023-03-10", "2023-03-20", "140", "42", ("2023-03-20", "140")),
    ],
    "moved-sooner": [
        invoice("ms-1", "2023-02-10", "2023-02-20", "160", "48", ("2023-02-21", "48")),
        _was(invoice("ms-2", "2023-03-10", "2023-03-20", "170", "51"), "2023-07-10", "2023-09-10"),
    ],
    "given-away": [invoice("ga-1", "2023-02-01", "2023-02-10", "90", "27", ("2023-02-09", "27"))],
    "given": [
        invoice("gi-1", "2023-01-01", "2023-01-10", "95", "28.50"),
        _was(
            invoice("gi-2", "2023-05-01", "2023-05-10", "99", "29.70", ("2023-06-01", "99")),
            "2023-05-01",
            customer="given-away",
        ),
    ],
    "paid-in-another-month": [
        replace(
            invoice("pm-1", "2023-03-01", "2023-03-10", "120", "36"),
            payments=(Payment(date(2023, 8, 5), money("60"), (date(2023, 5, 5), date(2023, 5, 6))),),
        )
    ],
}
NAMED = [Customer(name, tuple(invoices)) for name, invoices in (ODD | MOVED).items()]


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
            Payment(
                due + timedelta(days=days), paid.quantize(cent), draw(formers(due + timedelta(days=days)))
            )
            for days, paid in payments
            if due + timedelta(days=days) <= LAST
        ),
        draw(formers(issued)),
    )


@st.composite
def formers(draw: st.DrawFn, day: date) -> tuple[date, ...]:
    """The days that a fact was of before it was corrected: most often none, or the one that it is of now."""
    moved = draw(st.sampled_from([None, None, None, 0, 0, 20, 70, -20, -70]))
    return () if moved is None else (min(day + timedelta(days=moved), LAST),)


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
                tuple(replace(one, identifier=f"g{number}-{place}") for place, one in enumerate(drawn)),
            )
        )

    collect()
    return made
