"""The book of variables from its definitions: one customer at a time, dates and exact fractions alone.

Written from the words of the specification and of the dictionary, not from the SQL: it goes through every
month of the customer's life and looks again at every invoice: slow, and simple enough to be believed.
"""

from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import cache, cached_property

WINDOWS = (1, 3, 6, 9, 12)
OBSERVED_MONTHS = 12
LANDED = datetime(2024, 1, 1)

Value = int | bool | Decimal | None


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment; `version` is 1 for one that was never corrected."""

    day: date
    amount: Decimal
    version: int = 1


@dataclass(frozen=True, eq=False)
class Invoice:
    """An invoice with the payments to it, whenever they come; the same one only if it is the same object."""

    identifier: str
    issued: date
    due: date
    amount: Decimal
    minimum: Decimal
    payments: tuple[Payment, ...] = ()
    version: int = 1

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
        return None if self.first is None else (self.first - self.invoice.due).days

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


def book_row(customer: Customer, month: int) -> dict[str, Value] | None:
    """Every variable of the customer's row of this month (months since year 0); None when there is no row."""
    if not observed(customer, month):
        return None
    row: dict[str, Value] = {}
    for months in WINDOWS:
        for name, value in window(observed(customer, month, months), months).items():
            row[f"{name}_u{months}m"] = value
    return row | tendencies(customer, month) | life(customer, month) | origin(customer, month)


def window(invoices: list[Seen], months: int) -> dict[str, Value]:
    due = [one for one in invoices if one.is_due]
    late = [one for one in due if one.days_late > 0]
    return (
        _amounts(invoices, months)
        | _behaviour(due)
        | {
            "vl_em_aberto": rounded(sum((one.open_amount for one in invoices), Fraction(0)), 2),
            "qt_atrasos": len(late),
            "qt_dias_atraso_medio": rounded(share(sum(one.days_late for one in late), len(late)), 8),
            "qt_dias_atraso_max": max((one.days_late for one in late), default=None),
            "qt_dias_atraso_ponderado": rounded(
                share(
                    sum((one.days_late * one.amount for one in due), Fraction(0)),
                    sum((one.amount for one in due), Fraction(0)),
                ),
                8,
            ),
            "qt_dpd_max": max((one.days_past_due for one in due), default=None),
            **{f"qt_over{days}": sum(one.days_past_due > days for one in due) for days in (30, 60, 90)},
            "vl_em_atraso": rounded(
                sum((one.open_amount for one in due if one.below_minimum), Fraction(0)), 2
            ),
            "vl_over30": rounded(
                sum((one.open_amount for one in due if one.running_days > 30), Fraction(0)), 2
            ),
        }
    )


def _amounts(invoices: list[Seen], months: int) -> dict[str, Value]:
    amounts = [one.amount for one in invoices]
    total, paid = sum(amounts, Fraction(0)), sum((one.paid for one in invoices), Fraction(0))
    minimums = sum((one.minimum for one in invoices), Fraction(0))
    ratios = [one.paid_ratio for one in invoices if one.paid_ratio is not None]
    spread = deviation(amounts)
    issued = len({month_number(one.invoice.issued) for one in invoices})
    return {
        "qt_faturas": len(invoices),
        "vl_fatura_total": rounded(total, 2),
        "vl_fatura_medio": rounded(share(total, len(amounts)), 2),
        "vl_fatura_max": rounded(max(amounts, default=None), 2),
        "vl_fatura_min": rounded(min(amounts, default=None), 2),
        "vl_fatura_desvio": rounded(spread, 2),
        "pc_variacao": rounded(None if spread is None else share(spread * len(amounts), total), 8),
        "pc_concentracao": rounded(share(max(amounts, default=Fraction(0)), total), 8),
        "qt_meses_com_fatura": issued,
        "pc_densidade": rounded(Fraction(issued, months), 8) if invoices else None,
        "vl_minimo_total": rounded(minimums, 2),
        "qt_pagamentos": sum(len(one.payments) for one in invoices),
        "vl_pago_total": rounded(paid, 2),
        "vl_pago_medio": rounded(share(paid, len(amounts)), 2),
        "vl_pago_max": rounded(max((one.paid for one in invoices), default=None), 2),
        "pc_pago": rounded(share(paid, total), 8),
        "pc_pago_medio": rounded(share(sum(ratios, Fraction(0)), len(ratios)), 8),
        "pc_pago_min": rounded(min(ratios, default=None), 8),
        "pc_pago_sobre_minimo": rounded(share(paid, minimums), 8),
    }


def _behaviour(due: list[Seen]) -> dict[str, Value]:
    days = [one.days_to_payment for one in due if one.days_to_payment is not None]
    early = [-one for one in days if one < 0]
    cent = Fraction(1, 100)
    counts: dict[str, Callable[[Seen], bool]] = {
        "pago_em_dia": lambda one: one.days_to_payment is not None and one.days_to_payment <= 0,
        "pago_antecipado": lambda one: one.days_to_payment is not None and one.days_to_payment < 0,
        "pago_atrasado": lambda one: one.days_to_payment is not None and one.days_to_payment > 0,
        "abaixo_minimo": lambda one: one.paid < one.minimum,
        "sem_pagamento": lambda one: not one.payments,
        "pago_total": lambda one: one.paid >= one.amount,
        "parcial": lambda one: len(one.payments) >= 2,
        "pago_no_minimo": lambda one: bool(one.payments) and abs(one.paid - one.minimum) <= cent,
        "rotativo": lambda one: bool(one.payments) and one.minimum <= one.paid < one.amount,
    }
    row: dict[str, Value] = {"qt_vencidas": len(due)}
    for name, holds in counts.items():
        count = sum(holds(one) for one in due)
        row[f"qt_{name}"] = count
        if name in {"pago_em_dia", "abaixo_minimo", "sem_pagamento", "pago_total", "rotativo"}:
            row[f"pc_{name}"] = rounded(share(count, len(due)), 8)
    row["qt_dias_antecipacao_medio"] = rounded(share(sum(early), len(early)), 8)
    row["qt_desvio_dia_pagamento"] = rounded(deviation(days), 8)
    return row


def tendencies(customer: Customer, month: int) -> dict[str, Value]:
    """Three months against twelve, and the slope of the amounts."""
    short, long = observed(customer, month, 3), observed(customer, month, 12)

    def against(measure: Callable[[list[Seen]], Fraction | None]) -> Decimal | None:
        now, before = measure(short), measure(long)
        return None if now is None or not before else rounded(now / before, 8)

    def mean(invoices: list[Seen], value: Callable[[Seen], Fraction | int]) -> Fraction | None:
        return share(sum((Fraction(value(one)) for one in invoices), Fraction(0)), len(invoices))

    def late(invoices: list[Seen]) -> Fraction | None:
        return mean([one for one in invoices if one.days_late > 0], lambda one: one.days_late)

    def ratio(invoices: list[Seen]) -> Fraction | None:
        invoiced = sum((one.amount for one in invoices), Fraction(0))
        return share(sum((one.paid for one in invoices), Fraction(0)), invoiced)

    ordered = sorted(customer.invoices, key=lambda one: one.order)
    known = [one.amount for one in ordered if month_number(one.issued) <= month]
    return {
        "pc_ultima_sobre_anterior": (
            rounded(share(Fraction(known[-1]), Fraction(known[-2])), 8) if len(known) > 1 else None
        ),
        "pc_tendencia_fatura": against(lambda invoices: mean(invoices, lambda one: one.amount)),
        "pc_tendencia_pago": against(lambda invoices: mean(invoices, lambda one: one.paid)),
        "pc_tendencia_razao_paga": against(ratio),
        "pc_tendencia_dias_atraso": against(late),
        "vl_inclinacao_fatura": _slope([(month_number(one.invoice.issued), one.amount) for one in long]),
    }


def _slope(points: list[tuple[int, Fraction]]) -> Decimal | None:
    middle = Fraction(sum(x for x, _ in points), len(points))
    mean = sum((y for _, y in points), Fraction(0)) / len(points)
    run = sum(((x - middle) ** 2 for x, _ in points), Fraction(0))
    rise = sum(((x - middle) * (y - mean) for x, y in points), Fraction(0))
    return rounded(rise / run, 2) if run else None


def life(customer: Customer, month: int) -> dict[str, Value]:
    """What the ends of all months up to this one have shown, one after the other."""
    start = min(month_number(one.issued) for one in customer.invoices)
    last_late = previous = None
    last_payment = -1
    leaves_uncovered = False
    late_row = good_row = cures = rolls = worst = 0
    months = [0] * 5
    for current in range(start, month + 1):
        invoices = observed(customer, current)
        is_late = any(one.late_in(current) for one in invoices)
        falls_due = any(one.is_due and month_number(one.invoice.due) == current for one in invoices)
        if is_late:
            last_late, late_row, good_row = current, late_row + 1, 0
        elif falls_due:
            late_row, good_row = 0, good_row + 1
        days = [month_number(payment.day) for one in invoices for payment in one.payments]
        last_payment = max([*days, last_payment])
        now = bucket(max((one.running_days for one in invoices), default=0))
        if previous is not None:
            cures += previous > 0 and now == 0 and not leaves_uncovered
            rolls += now > previous
        months[now] += 1
        worst = max([worst, *(one.days_past_due for one in invoices)])
        previous = now
        leaves_uncovered = any(
            one.below_minimum and current - month_number(one.invoice.issued) == OBSERVED_MONTHS - 1
            for one in invoices
        )
    buckets = ("em_dia", "1_30", "31_60", "61_90", "acima_90")
    return {
        "qt_meses_relacionamento": month - start + 1,
        "qt_meses_desde_ultimo_atraso": None if last_late is None else month - last_late,
        "qt_meses_desde_ultimo_pagamento": None if last_payment < 0 else month - last_payment,
        "qt_atrasos_consecutivos": late_row,
        "qt_em_dia_consecutivos": good_row,
        **{f"qt_meses_faixa_{name}": count for name, count in zip(buckets, months, strict=True)},
        "qt_regularizacoes": cures,
        "qt_agravamentos": rolls,
        **{f"fl_ever{days}": worst > days for days in (30, 60, 90)},
        "qt_dias_atraso_max_ever": worst,
    }


def origin(customer: Customer, month: int) -> dict[str, Value]:
    """Defaults on the first and on the second invoice, and how much of the row was corrected."""
    ordered = sorted(customer.invoices, key=lambda one: one.order)
    known = [one for one in ordered if month_number(one.issued) <= month]
    first, second = _short(known[0], month), _short(known[1], month) if len(known) > 1 else None
    corrected = sum(one.version > 1 for one in known)
    corrected += sum(
        payment.version > 1
        for one in known
        for payment in one.payments
        if 0 <= max(month_number(payment.day), month_number(one.issued)) - month_number(one.issued) < 12
        and payment.day <= last_day(month)
    )
    return {
        "fl_fpd": first,
        "fl_fpd_maduro": first is not None,
        "fl_spd": second,
        "fl_spd_maduro": second is not None,
        "qt_correcoes": corrected,
    }


def _short(invoice: Invoice, month: int) -> bool | None:
    """Whether less than the minimum was paid 30 days after the due date; None where nobody can know."""
    judged = invoice.due + timedelta(days=30)
    if judged > last_day(month) or month_number(judged) - month_number(invoice.issued) >= OBSERVED_MONTHS:
        return None
    return seen(invoice, judged).paid < Fraction(invoice.minimum)


def safras(customers: Iterable[Customer]) -> range:
    """The months of the book: from the first invoice to the latest fact."""
    invoices = [one for customer in customers for one in customer.invoices]
    days = [one.issued for one in invoices] + [paid.day for one in invoices for paid in one.payments]
    return range(min(month_number(one.issued) for one in invoices), month_number(max(days)) + 1)
