"""The seed of holidays is what the library says, and its sessions are those that there were."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from dictionary.b3_holidays import FIRST, LAST, SEED, rendered


def _sessions(first: date, last: date) -> set[date]:
    closed = set(SEED.read_text(encoding="utf-8").split()[1:])
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return {day for day in days if day.weekday() < 5 and str(day) not in closed}


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_seed_is_the_library_s_calendar() -> None:
    assert SEED.read_text(encoding="utf-8") == rendered(), "run python -m dictionary.b3_holidays"


def test_a_year_has_as_many_sessions_as_it_had() -> None:
    counts = {year: len(_sessions(date(year, 1, 1), date(year, 12, 31))) for year in (2022, 2023, 2024, 2025)}
    assert counts == {2022: 250, 2023: 248, 2024: 251, 2025: 250}
    assert len(_sessions(FIRST, LAST)) > 36 * 245


@pytest.mark.real
def test_its_sessions_are_those_of_the_levels_and_of_the_quotes() -> None:
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip("FINLAKE_REAL_DATA names no folder with real files")
    levels = Path(folder, "b3", "index", "b3_index_levels_2018_2023_IBOV_SMLL_IDIV.csv")
    with levels.open(encoding="utf-8", newline="") as file:
        days = {date.fromisoformat(row["refdate"]) for row in csv.DictReader(file)}
    assert days == _sessions(date(2018, 1, 1), date(2023, 12, 31))
    quotes = Path(folder, "b3", "cotahist", "derived_cotahist_2025_PETR4_VALE3_ITUB4_BBDC4.csv")
    with quotes.open(encoding="utf-8", newline="") as file:
        (_, *rows) = csv.reader(file)
    days = {date.fromisoformat(row[0]) for row in rows}
    assert days == _sessions(date(2025, 1, 1), date(2025, 12, 31))
