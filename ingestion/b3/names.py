"""What B3 calls its files of historical quotes: one ZIP for a day, a month, a year."""

import re
from datetime import date


def of_day(day: date) -> str:
    """The name of one session's file."""
    return f"COTAHIST_D{day:%d%m%Y}.ZIP"


def of_month(month: str) -> str:
    """The name of the file of a month, written YYYY-MM. Raises ValueError when it is no month."""
    if not (found := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", month)):
        raise ValueError(f"'{month}' is no month; write it as 2026-02.")
    return f"COTAHIST_M{found[2]}{found[1]}.ZIP"


def of_year(year: str) -> str:
    """The name of the file of a year, written YYYY. Raises ValueError when it is no year."""
    if not re.fullmatch(r"[0-9]{4}", year):
        raise ValueError(f"'{year}' is no year; write it as 2025.")
    return f"COTAHIST_A{year}.ZIP"


def spans_days(name: str) -> bool:
    """Whether it is B3's name for a month's or a year's file, of today or of before: COTAHIST.A1986."""
    return bool(re.match(r"COTAHIST[._][MA][0-9]{4}", name, re.IGNORECASE))
