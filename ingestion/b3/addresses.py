"""Where B3 publishes its historical quotes: one ZIP for a day, a month, a year."""

import re
from datetime import date


def of_day(base_url: str, day: date) -> str:
    """The address of one session's file."""
    return f"{base_url.rstrip('/')}/COTAHIST_D{day:%d%m%Y}.ZIP"


def of_month(base_url: str, month: str) -> str:
    """The address of the file of a month, written YYYY-MM. Raises ValueError when it is no month."""
    if not (found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", month)):
        raise ValueError(f"'{month}' is no month; write it as 2026-02")
    return f"{base_url.rstrip('/')}/COTAHIST_M{found[2]}{found[1]}.ZIP"


def of_year(base_url: str, year: str) -> str:
    """The address of the file of a year, written YYYY. Raises ValueError when it is no year."""
    if not re.fullmatch(r"\d{4}", year):
        raise ValueError(f"'{year}' is no year; write it as 2025")
    return f"{base_url.rstrip('/')}/COTAHIST_A{year}.ZIP"
