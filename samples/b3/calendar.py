"""The days on which Brazil's exchange trades."""

from datetime import date, timedelta

from dateutil.easter import easter  # type: ignore[import-untyped]

FIXED = ((1, 1), (4, 21), (5, 1), (9, 7), (10, 12), (11, 2), (11, 15), (12, 24), (12, 25), (12, 31))
BLACK_CONSCIOUSNESS_DAY = (11, 20)
FROM_EASTER = (-48, -47, -2, 60)


def holidays(year: int) -> set[date]:
    """The holidays of a year: fixed ones, and Carnival, Good Friday and Corpus Christi, which follow Easter.

    20 November is one by federal law from 2024 on.
    """
    days = {date(year, month, day) for month, day in FIXED}
    days |= {easter(year) + timedelta(days=offset) for offset in FROM_EASTER}
    if year >= 2024:
        days.add(date(year, *BLACK_CONSCIOUSNESS_DAY))
    return days


def sessions(first: date, last: date) -> list[date]:
    """The sessions from `first` to `last`, both included."""
    closed = set().union(*(holidays(year) for year in range(first.year, last.year + 1)))
    days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
    return [day for day in days if day.weekday() < 5 and day not in closed]


def expiry(year: int, month: int) -> date:
    """The day on which a month's options expire: its third Friday, or the session before it."""
    first = date(year, month, 1)
    friday = first + timedelta(days=(4 - first.weekday()) % 7 + 14)
    return sessions(friday - timedelta(days=7), friday)[-1]


def months(first: date, last: date) -> list[tuple[int, int]]:
    """The (year, month)s from `first`'s to `last`'s."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    start = first.year * 12 + first.month - 1
    return [((start + index) // 12, (start + index) % 12 + 1) for index in range(count)]
