"""In which form a file writes numbers and dates: voted on by the rows at its beginning, once for the file."""

import re
from dataclasses import dataclass
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc

SAMPLE_ROWS = 10_000
# What can be only one of the two: with one or two decimals, thousands separated or not.
NUMBERS = {
    ".": r"^\s*[+-]?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)\.[0-9]{1,2}\s*$",
    ",": r"^\s*[+-]?([0-9]+|[0-9]{1,3}(\.[0-9]{3})+),[0-9]{1,2}\s*$",
}
DATES = {
    "iso": r"^\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}",
    "dmy": r"^\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}",
}


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a file's values. A row that does not follow it is judged in staging, never reread here."""

    decimal_mark: Literal[".", ","]
    date_form: Literal["iso", "dmy"]


def form(columns: dict[str, pa.StringArray], separator: bytes) -> Form:
    """The form that most values have, by name `valor_…` numbers and `data_…` dates.

    Where no value tells, dates are ISO and the decimal mark is the one that usually goes with the separator.
    """
    sample = {name: values.slice(0, SAMPLE_ROWS) for name, values in columns.items()}
    amounts = [values for name, values in sample.items() if name.startswith("valor_")]
    days = [values for name, values in sample.items() if name.startswith("data_")]
    points, commas = (_votes(amounts, pattern) for pattern in NUMBERS.values())
    iso, dmy = (_votes(days, pattern) for pattern in DATES.values())
    is_comma = commas > points or (commas == points and separator == b";")
    return Form("," if is_comma else ".", "dmy" if dmy > iso else "iso")


def is_of_another_month(days: pa.StringArray, how: Form, period: str) -> bool:
    """Whether there are dates among the first ones, and not one of them is in the month (YYYYMM)."""
    year, month = period[:4], str(int(period[4:]))
    own = rf"^\s*{year}-0?{month}-" if how.date_form == "iso" else rf"^\s*[0-9]{{1,2}}/0?{month}/{year}"
    sample = days.slice(0, SAMPLE_ROWS)
    return _votes([sample], DATES[how.date_form]) > 0 and not _votes([sample], own)


def first_date(days: pa.StringArray, how: Form) -> str:
    """The first value that looks like a date; empty when none does."""
    pattern = re.compile(DATES[how.date_form])
    return next((day for day in days.to_pylist() if pattern.match(day)), "")


def _votes(columns: list[pa.StringArray], pattern: str) -> int:
    return sum(pc.sum(pc.match_substring_regex(values, pattern)).as_py() or 0 for values in columns)
