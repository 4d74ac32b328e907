"""What the ends of a customer's months have shown, one after the other: paths, and not states."""

from datetime import timedelta
from fractions import Fraction

from tests.python.lake.oracle_cards import (
    BUCKETS,
    OBSERVED_MONTHS,
    Customer,
    Invoice,
    Value,
    bucket,
    last_day,
    month_number,
    observed,
    seen,
)


def bucket_of(customer: Customer, month: int) -> int:
    return bucket(max((one.running_days for one in observed(customer, month)), default=0))


def leaves(customer: Customer, month: int) -> bool:
    """Whether an invoice that is seen for the last time is below its minimum."""
    return any(
        one.below_minimum and month - month_number(one.invoice.issued) == OBSERVED_MONTHS - 1
        for one in observed(customer, month)
    )


def rolled_to(customer: Customer, month: int) -> int | None:
    """Where a customer of the book of the month before is now; None for one who was not in it.

    A bucket, or 5 for one who left: out of the book, or better only since an invoice is no longer observed.
    """
    if not observed(customer, month - 1):
        return None
    now, then = bucket_of(customer, month), bucket_of(customer, month - 1)
    if not observed(customer, month) or (now < then and leaves(customer, month - 1)):
        return len(BUCKETS)
    return now


def life(customer: Customer, month: int) -> dict[str, Value]:
    """What the ends of all months up to this one have shown, one after the other."""
    start = min(month_number(one.issued) for one in customer.invoices)
    last_late = previous = None
    last_payment = -1
    leaves_uncovered = False
    late_row = good_row = cures = rolls = worst = latest = 0
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
        now = bucket_of(customer, current)
        if previous is not None:
            cures += previous > 0 and now == 0 and not leaves_uncovered
            rolls += now > previous
        months[now] += 1
        worst = max([worst, *(one.days_past_due for one in invoices)])
        latest = max([latest, *(one.days_late for one in invoices)])
        previous = now
        leaves_uncovered = leaves(customer, current)
    return {
        "qt_meses_relacionamento": month - start + 1,
        "qt_meses_desde_ultimo_atraso": None if last_late is None else month - last_late,
        "qt_meses_desde_ultimo_pagamento": None if last_payment < 0 else month - last_payment,
        "qt_atrasos_consecutivos": late_row,
        "qt_em_dia_consecutivos": good_row,
        **{f"qt_meses_faixa_{name}": count for name, count in zip(BUCKETS, months, strict=True)},
        "qt_regularizacoes": cures,
        "qt_agravamentos": rolls,
        **{f"fl_ever{days}": worst > days for days in (30, 60, 90)},
        "qt_dias_atraso_max_ever": latest,
        "qt_dpd_max_ever": worst,
    }


def origin(customer: Customer, month: int) -> dict[str, Value]:
    """Defaults on the first and on the second invoice."""
    ordered = sorted(customer.invoices, key=lambda one: one.order)
    known = [one for one in ordered if month_number(one.issued) <= month]
    first, second = _short(known[0], month), _short(known[1], month) if len(known) > 1 else None
    return {
        "fl_fpd": first,
        "fl_fpd_maduro": first is not None,
        "fl_spd": second,
        "fl_spd_maduro": second is not None,
    }


def _short(invoice: Invoice, month: int) -> bool | None:
    """Whether less than the minimum was paid 30 days after the due date; None where nobody can know."""
    judged = invoice.due + timedelta(days=30)
    if judged > last_day(month) or month_number(judged) - month_number(invoice.issued) >= OBSERVED_MONTHS:
        return None
    return seen(invoice, judged).paid < Fraction(invoice.minimum)
