"""The portfolio's tables from their definitions, all customers together."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from math import floor, log, log2

from dictionary.cli import SEED
from dictionary.variables import read
from tests.python.lake.oracle_cards import (
    BUCKETS,
    Customer,
    Value,
    month_number,
    observed,
    rounded,
    share,
)
from tests.python.lake.oracle_paths import bucket_of, rolled_to

# The variables of the book, and their units.
UNITS = {name: one.unit for one in read(SEED) if one.published for name, _ in one.columns}
DAYS = (30, 60, 90)


def portfolio_row(customers: Iterable[Customer], month: int, months: int) -> dict[str, Value]:
    """Every column of `cards_portfolio_book` of this month and window, its key aside."""
    of_each = [observed(one, month, months) for one in customers]
    invoices = [one for some in of_each for one in some]
    clients = sum(bool(some) for some in of_each)
    due = [one for one in invoices if one.is_due]
    late = [one for one in due if one.days_late]
    short = [one for one in due if one.below_minimum]
    total, paid = _sum(one.amount for one in invoices), _sum(one.paid for one in invoices)
    payments = sum(len(one.payments) for one in invoices)
    return {
        "total_faturas": len(invoices),
        "valor_total_faturas": rounded(total, 2),
        "valor_medio_faturas": rounded(share(total, len(invoices)), 2),
        "total_pagamentos": payments,
        "valor_total_pagamentos": rounded(paid, 2),
        "valor_medio_pagamentos": rounded(share(paid, payments), 2),
        "percentual_pagamento_prazo": _part(due, [one for one in due if one.first and not one.days_late]),
        "percentual_inadimplencia": _part(due, short),
        "total_atrasos": len(late),
        "percentual_atrasos": _part(due, late),
        "media_dias_atraso": rounded(share(sum(one.days_late for one in late), len(late)), 8),
        "max_dias_atraso": max((one.days_late for one in late), default=None),
        "valor_inadimplente": rounded(_sum(one.open_amount for one in short), 2),
        "percentual_valor_pago": rounded(share(paid, total), 8),
        "total_clientes": clients,
        "media_fatura_por_cliente": rounded(share(total, clients), 2),
        "media_pagamento_por_cliente": rounded(share(paid, clients), 2),
    }


def monthly_row(customers: Iterable[Customer], month: int) -> dict[str, Value]:
    """Every column of `cards_portfolio_monthly` of this month; its key and what was received aside."""
    started = [
        one for one in customers if min(month_number(invoice.issued) for invoice in one.invoices) <= month
    ]
    here = [one for one in started if observed(one, month)]
    seen = {one.identifier: observed(one, month) for one in here}
    issued = [one for customer in here for one in observed(customer, month, 1)]
    open_amount = _sum(one.open_amount for some in seen.values() for one in some)
    arrears = {
        name: _sum(one.open_amount for one in some if one.below_minimum) for name, some in seen.items()
    }
    now = {one.identifier: bucket_of(one, month) for one in here}
    ways = [(bucket_of(one, month - 1), to) for one in started if (to := rolled_to(one, month)) is not None]
    row: dict[str, Value] = {
        "qt_clientes": len(here),
        "qt_faturas": len(issued),
        "vl_faturado": rounded(_sum(one.amount for one in issued), 2),
        "vl_em_aberto": rounded(open_amount, 2),
        "vl_em_atraso": rounded(_sum(arrears.values()), 2),
        "pc_em_atraso": rounded(share(_sum(arrears.values()), open_amount), 8),
        "qt_clientes_do_mes_anterior": len(ways),
    }
    for place, name in enumerate(BUCKETS):
        inside = [identifier for identifier, one in now.items() if one == place]
        row[f"qt_clientes_{name}"] = len(inside)
        row[f"pc_clientes_{name}"] = _part(here, inside)
        row[f"vl_em_atraso_{name}"] = rounded(_sum(arrears[identifier] for identifier in inside), 2)
        came = [to for origin, to in ways if origin == place]
        for destination, other in enumerate((*BUCKETS, "saida")):
            row[f"pc_rolagem_{name}_para_{other}"] = _part(came, [to for to in came if to == destination])
    return row


def received(customers: Iterable[Customer], waiting: Fraction, month: int) -> dict[str, Value]:
    """What `cards_portfolio_monthly` says was received: payments of the month, those that wait among them."""
    paid = [
        payment.amount
        for customer in customers
        for invoice in customer.invoices
        for payment in invoice.payments
        if month_number(payment.day) == month and payment.amount
    ]
    return {
        "qt_pagamentos": len(paid) + bool(waiting),
        "vl_recebido": rounded(_sum(map(Fraction, paid)) + waiting, 2),
    }


def vintage_row(customers: Iterable[Customer], month: int, issued: int) -> dict[str, Value]:
    """Every column of `cards_vintages` of the invoices of a month, seen at another's end; its key aside."""
    vintage = [
        one
        for customer in customers
        for one in observed(customer, month)
        if month_number(one.invoice.issued) == issued
    ]
    due = [one for one in vintage if one.is_due]
    late = [one for one in due if one.days_late]
    amount, paid = _sum(one.amount for one in vintage), _sum(one.paid for one in vintage)
    row: dict[str, Value] = {
        "qt_meses_desde_emissao": month - issued,
        "qt_faturas": len(vintage),
        "vl_faturado": rounded(amount, 2),
        "qt_vencidas": len(due),
        "qt_pagamentos": sum(len(one.payments) for one in vintage),
        "vl_pago": rounded(paid, 2),
        "pc_pago": rounded(share(paid, amount), 8),
        "qt_vencidas_em_dia": sum(bool(one.first) and not one.days_late for one in due),
        "qt_abaixo_minimo": sum(one.below_minimum for one in due),
        "qt_atrasos": len(late),
        "qt_dias_atraso": sum(one.days_late for one in late),
        "qt_dias_atraso_max": max((one.days_late for one in late), default=None),
        "vl_em_atraso": rounded(_sum(one.open_amount for one in due if one.below_minimum), 2),
    }
    for days in DAYS:
        over = [one for one in vintage if one.running_days > days]
        ever = [one for one in vintage if one.days_past_due > days]
        row |= {
            f"qt_over{days}": len(over),
            f"pc_over{days}": _part(vintage, over),
            f"pc_valor_over{days}": rounded(share(_sum(one.open_amount for one in over), amount), 8),
            f"qt_ever{days}": len(ever),
            f"pc_ever{days}": _part(vintage, ever),
        }
    return row


def stability(variable: str, now: Sequence[object], before: Sequence[object]) -> float:
    """The population stability index of a variable's values against those of the month before."""
    bins, bins_before = ([_bin(one, UNITS[variable]) for one in values] for values in (now, before))
    psi = 0.0
    for one in set(bins) | set(bins_before):
        p, q = (max(values.count(one) / len(values), 1e-4) for values in (bins, bins_before))
        psi += (p - q) * log(p / q)
    return psi


def _bin(value: object, unit: str) -> tuple[int, int] | None:
    """The sign of a value and its bin: tenths of a ratio, up to 10; half octaves of anything else."""
    if value is None:
        return None
    number = Fraction(str(int(value) if isinstance(value, bool) else value))
    if number == 0:
        return 0, 0
    size = min(floor(abs(number) * 10), 100) if unit == "razão" else floor(2 * log2(float(abs(number))))
    return (1 if number > 0 else -1), size


def _part(whole: Sequence[object], part: Sequence[object]) -> Value:
    return rounded(share(len(part), len(whole)), 8)


def _sum(values: Iterable[Fraction]) -> Fraction:
    return sum(values, Fraction(0))
