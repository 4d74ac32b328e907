"""Months as numbers that can be counted on: months since year 0."""

import re
from datetime import date

EPOCH = date(1970, 1, 1).toordinal()


def parse(text: str) -> int:
    """The month written YYYY-MM. Raises ValueError when it is none."""
    if not (found := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", text)):
        raise ValueError(f"'{text}' is no month; write it as 2023-01.")
    return int(found[1]) * 12 + int(found[2]) - 1


def written(month: int) -> str:
    """The month as YYYYMM."""
    return f"{month // 12:04d}{month % 12 + 1:02d}"


def first_day(month: int) -> int:
    """The first day of the month, in days since 1970-01-01."""
    return date(month // 12, month % 12 + 1, 1).toordinal() - EPOCH


def length(month: int) -> int:
    """The days of the month."""
    return first_day(month + 1) - first_day(month)
