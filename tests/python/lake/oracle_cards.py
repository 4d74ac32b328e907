"""Customers, invoices and payments, and an invoice as it is seen on a day: dates and exact fractions alone.

The book's oracles begin here. They are written from the words of the specification and of the dictionary, not
from the SQL: they look again at every invoice in every month: slow, and simple enough to be believed.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property

WINDOWS = (1, 3, 6, 9, 12)
OBSERVED_MONTHS = 12
BUCKETS = ("em_dia", "1_30", "31_60", "61_90", "acima_90")
LANDED = datetime(2024, 1, 1)

Value = int | bool | Decimal | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment; `formers` are the days that it was of before it was corrected, the first one first."""

    day: date
    amount: Decimal
    formers: tuple[date, ...] = ()


@dataclass(frozen=True, eq=False)
class Invoice:
    """An invoice with the payments to it, whenever they come; the same one only if it is the same object.

    `formers` are the dates of issue that it had before it was corrected, the first one first, and
    `former_customer` is whose it was then, if it was another's.
    """

    identifier: str
    issued: date
    due: date
    amount: Decimal
    minimum: Decimal
    payments: tuple[Payment, ...] = ()
    formers: tuple[date, ...] = ()
    former_customer: str | None = None

    @property
    def order(self) -> tuple[date, date, str]:
        return (self.issued, self.due, self.identifier)


@dataclass(frozen=True, slots=True)
class Customer:
    identifier: str
    invoices: tuple[Invoice, ...]


def month_number(day: date) -> int:
    return day.year * 12 + day.month - 1


def last_day(month: int) -> date:
    year, index = divmod(month, 12)
    return date(year, index + 1, monthrange(year, index + 1)[1])


def rounded(value: Fraction | int | None, digits: int) -> Decimal | None:
    """To so many decimals, halves away from zero."""
    if value is None:
        return None
    scaled = abs(Fraction(value)) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if value >= 0 else -whole).scaleb(-digits)


def share(part: Fraction | int, whole: Fraction | int) -> Fraction | None:
    return Fraction(part) / Fraction(whole) if whole else None


def root(value: Fraction) -> Fraction:
    with localcontext() as context:
        context.prec = 60
        return Fraction((Decimal(value.numerator) / Decimal(value.denominator)).sqrt())


def deviation(values: Sequence[Fraction | int]) -> Fraction | None:
    """The sample standard deviation; None for fewer than two values."""
    if len(values) < 2:
        return None
    mean = Fraction(sum(values)) / len(values)
    return root(sum((value - mean) ** 2 for value in values) / Fraction(len(values) - 1))


@dataclass(frozen=True)
class Seen:
    """An invoice as it is seen at the end of a day."""

    invoice: Invoice
    day: date

    @cached_property
    def payments(self) -> list[Payment]:
        return sorted(
            (one for one in self.invoice.payments if one.day <= self.day and one.amount > 0),
            key=lambda one: one.day,
        )

    @cached_property
    def paid(self) -> Fraction:
        return Fraction(sum((one.amount for one in self.payments), Decimal(0)))

    @cached_property
    def amount(self) -> Fraction:
        return Fraction(self.invoice.amount)

    @cached_property
    def minimum(self) -> Fraction:
        return Fraction(self.invoice.minimum)

    @cached_property
    def first(self) -> date | None:
        return self.payments[0].day if self.payments else None

    @cached_property
    def covered(self) -> date | None:
        """The day on which the payments came to the minimum; long ago when nothing was asked for."""
        if self.minimum == 0:
            return date.min
        sums = Fraction(0)
        for one in self.payments:
            sums += Fraction(one.amount)
            if sums >= self.minimum:
                return one.day
        return None

    @cached_property
    def is_due(self) -> bool:
        return self.invoice.due <= self.day and self.amount > 0

    @cached_property
    def days_late(self) -> int:
        return max(((self.first or self.day) - self.invoice.due).days, 0) if self.is_due else 0

    @cached_property
    def days_past_due(self) -> int:
        return max(((self.covered or self.day) - self.invoice.due).days, 0) if self.is_due else 0

    @cached_property
    def below_minimum(self) -> bool:
        return self.is_due and self.paid < self.minimum

    @cached_property
    def running_days(self) -> int:
        """Days past due of a clock that still runs."""
        return self.days_past_due if self.below_minimum else 0

    @cached_property
    def open_amount(self) -> Fraction:
        return max(self.amount - self.paid, Fraction(0))

    @cached_property
    def paid_ratio(self) -> Fraction | None:
        ratio = rounded(share(self.paid, self.amount), 8)
        return None if ratio is None else Fraction(ratio)

    @cached_property
    def days_to_payment(self) -> int | None:
        """None without a payment, and for an invoice of 0, which asks for none."""
        return (self.first - self.invoice.due).days if self.first and self.amount else None

    @cached_property
    def in_full(self) -> bool:
        return self.amount > 0 and self.paid >= self.amount

    @cached_property
    def at_minimum(self) -> bool:
        near = abs(self.paid - self.minimum) <= Fraction(1, 100)
        return bool(self.payments) and near and self.paid < self.amount

    @cached_property
    def by_date(self) -> str | None:
        if self.days_to_payment is None:
            return "SEM_PAGAMENTO" if self.is_due else None
        if self.days_to_payment == 0:
            return "NO_PRAZO"
        return "ANTECIPADO" if self.days_to_payment < 0 else "ATRASADO"

    @cached_property
    def by_value(self) -> str | None:
        if self.amount == 0 or not (self.payments or self.is_due):
            return None
        labels = {
            "ACIMA": self.paid > self.amount,
            "TOTAL": self.in_full,
            "MINIMO": self.at_minimum,
            "INSUFICIENTE": self.paid < self.minimum or not self.payments,
        }
        return next((label for label, holds in labels.items() if holds), "PARCIAL")

    def late_in(self, month: int) -> bool:
        """Whether it was late on a day of this month, the last seen one."""
        return self.days_late > 0 and (self.first is None or month_number(self.first) == month)


@cache
def seen(invoice: Invoice, day: date) -> Seen:
    return Seen(invoice, day)


def observed(customer: Customer, month: int, months: int = OBSERVED_MONTHS) -> list[Seen]:
    """The invoices issued in the last so many months, as seen at the end of this one."""
    return [
        seen(one, last_day(month))
        for one in customer.invoices
        if 0 <= month - month_number(one.issued) < months
    ]


def bucket(days: int) -> int:
    return sum(days > bound for bound in (0, 30, 60, 90))


def safras(customers: Iterable[Customer]) -> range:
    """The months of the book: from the first invoice to the latest fact."""
    invoices = [one for customer in customers for one in customer.invoices]
    days = [day for one in invoices for day in (one.issued, *one.formers)]
    days += [day for one in invoices for paid in one.payments for day in (paid.day, *paid.formers)]
    return range(min(month_number(one.issued) for one in invoices), month_number(max(days)) + 1)
