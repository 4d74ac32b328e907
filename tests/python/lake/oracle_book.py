"""The book of variables from its definitions, one customer at a time: windows, tendencies and paths."""

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from tests.python.lake.oracle_cards import (
    WINDOWS,
    Customer,
    Seen,
    Value,
    deviation,
    month_number,
    observed,
    rounded,
    share,
)
from tests.python.lake.oracle_paths import life, origin


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
        | _behaviour(invoices)
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
            **{f"qt_over{days}": sum(one.running_days > days for one in due) for days in (30, 60, 90)},
            **{f"qt_ever{days}": sum(one.days_past_due > days for one in due) for days in (30, 60, 90)},
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


def _behaviour(invoices: list[Seen]) -> dict[str, Value]:
    """How invoices above 0 were paid; what is delinquency, and every share, is of the due ones."""
    asked = [one for one in invoices if one.amount > 0]
    due = [one for one in asked if one.is_due]
    days = [one.days_to_payment for one in due if one.days_to_payment is not None]
    early = [-one.days_to_payment for one in asked if one.days_to_payment and one.days_to_payment < 0]
    counts: dict[str, Callable[[Seen], bool]] = {
        "pago_em_dia": lambda one: one.by_date in {"ANTECIPADO", "NO_PRAZO"},
        "pago_antecipado": lambda one: one.by_date == "ANTECIPADO",
        "pago_atrasado": lambda one: one.by_date == "ATRASADO",
        "abaixo_minimo": lambda one: one.below_minimum,
        "sem_pagamento": lambda one: one.is_due and not one.payments,
        "pago_total": lambda one: one.in_full,
        "parcial": lambda one: len(one.payments) >= 2,
        "pago_no_minimo": lambda one: one.by_value == "MINIMO",
        "rotativo": lambda one: one.is_due and one.minimum <= one.paid < one.amount,
    }
    row: dict[str, Value] = {f"qt_{name}": sum(map(holds, asked)) for name, holds in counts.items()}
    for name in ("pago_em_dia", "abaixo_minimo", "sem_pagamento", "pago_total", "rotativo"):
        row[f"pc_{name}"] = rounded(share(sum(map(counts[name], due)), len(due)), 8)
    # a due invoice is short of its minimum, or revolves, or is paid in full
    assert sum(
        counts[name](one) for one in due for name in ("abaixo_minimo", "rotativo", "pago_total")
    ) == len(due)
    return row | {
        "qt_vencidas": len(due),
        "qt_dias_antecipacao_medio": rounded(share(sum(early), len(early)), 8),
        "qt_desvio_dia_pagamento": rounded(deviation(days), 8),
    }


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
