"""Numbers and dates as Brazilians write them."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from babel.dates import format_date
from babel.numbers import format_compact_decimal, format_decimal, format_percent

LOCALE = "pt_BR"
ABSENT = "\N{EN DASH}"
Number = Decimal | float | int


def price(value: Number | None) -> str:
    """1.234,56; below ten centavos, all its decimals."""
    if value is None:
        return ABSENT
    is_small = 0 < abs(float(value)) < 0.1
    return format_decimal(value, "#,##0.00######" if is_small else "#,##0.00", locale=LOCALE)


def large(value: Number | None) -> str:
    """6,34 bi, 23,46 mi, 1,23 mil or 531,50."""
    if value is None:
        return ABSENT
    exact = Decimal(value)
    unit = 1000 ** (max(exact.adjusted(), 0) // 3)
    # what is 1.000,00 of a unit when it is written is 1 of the next
    written = round(exact / unit, 2) * unit
    if abs(written) < 1000:
        return points(written)
    return format_compact_decimal(written, locale=LOCALE, fraction_digits=2)


def reais(text: str) -> str:
    """R$ before what is there."""
    return text if text == ABSENT else f"R$\N{NO-BREAK SPACE}{text}"


def count(value: int | None) -> str:
    """1.234."""
    return ABSENT if value is None else format_decimal(value, "#,##0", locale=LOCALE)


def points(value: Number | None) -> str:
    """126.485,00."""
    return ABSENT if value is None else format_decimal(value, "#,##0.00", locale=LOCALE)


def change_in_points(value: Number | None) -> str:
    """+1.234,56: with its sign, but for what is 0,00 when it is written."""
    if value is None:
        return ABSENT
    return format_decimal(value, _signed("#,##0.00", is_nought=round(value, 2) == 0), locale=LOCALE)


def ratio(value: Number | None) -> str:
    """A part of a whole: 0.1234 is 12,34%."""
    return ABSENT if value is None else format_percent(value, "#,##0.00%", locale=LOCALE)


def change(value: Number | None) -> str:
    """A return, with its sign: -0.0164 is -1,64%."""
    if value is None:
        return ABSENT
    return format_percent(value, _signed("#,##0.00%", is_nought=round(value, 4) == 0), locale=LOCALE)


def as_date(value: date) -> str:
    """31/01/2026."""
    return format_date(value, "dd/MM/yyyy", locale=LOCALE)


def _signed(pattern: str, is_nought: bool) -> str:
    return f"{pattern};{pattern}" if is_nought else f"+{pattern};-{pattern}"


FILTERS: dict[str, Callable[..., str]] = {
    one.__name__: one
    for one in (price, large, reais, count, points, change_in_points, ratio, change, as_date)
}
