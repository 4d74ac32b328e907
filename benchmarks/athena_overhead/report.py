"""The measurements, for people and for programs."""

import json
from itertools import groupby

from rich.table import Table

from benchmarks.athena_overhead.measure import Measured
from benchmarks.tables import console, table

FIGURES = ("rows", "median ms", "more ms", "to Trino's", "reading ms", "to Trino's")


def as_json(measured: list[Measured]) -> str:
    """Every run's seconds, and their medians."""
    found = [
        {
            "statement": one.statement,
            "way": one.way,
            "rows": one.taken[0].rows,
            "seconds_until_done": [round(each.done, 4) for each in one.taken],
            "seconds_of_reading": [round(each.read, 4) for each in one.taken],
            "median_seconds": round(one.median, 4),
            "median_seconds_of_reading": round(one.median_read, 4),
        }
        for one in measured
    ]
    return json.dumps(found, indent=2)


def print_tables(measured: list[Measured]) -> None:
    """A table for each statement, its ways beside Trino's own client."""
    out = console()
    for statement, group in groupby(measured, key=lambda one: one.statement):
        out.print(_table(statement, list(group)))
        out.print()


def _table(statement: str, by: list[Measured]) -> Table:
    direct = by[0]
    made = table(statement, "way", *FIGURES)
    for one in by:
        made.add_row(
            one.way,
            f"{one.taken[0].rows:,}" if one.taken[0].rows else "",
            f"{one.median * 1000:,.1f}",
            "" if one is direct else f"{(one.median - direct.median) * 1000:+,.1f}",
            f"{one.median / direct.median:.2f}",
            f"{one.median_read * 1000:,.1f}",
            f"{one.median_read / direct.median:.2f}",
        )
    return made
