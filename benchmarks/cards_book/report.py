"""The measurements, for people and for programs."""

import json
from collections.abc import Callable
from dataclasses import asdict
from itertools import groupby

from benchmarks.cards_book.measure import Measured, Month
from benchmarks.tables import console, table

OF_A_BOOK = ("columns", "CPU s", "ours is", "s", "MB read", "ours is", "peak MiB", "us CPU a cell")
OF_A_MONTH = ("curated", "refined", "MB", "to the first")


def as_json(measured: list[Measured], found: list[Month]) -> str:
    """Every run of every contender, and every model's bytes."""
    return json.dumps(
        {"book": [asdict(one) for one in measured], "month_more": [asdict(one) for one in found]}, indent=2
    )


def print_tables(measured: list[Measured], found: list[Month]) -> None:
    """A table for each number of customers, and one of what a month more reads."""
    out = console()
    for customers, of_size in groupby(measured, key=lambda one: one.customers):
        rows = list(of_size)
        ours = rows[0]
        made = table(f"{customers:,} customers x 13 months, one month's book", "what", *OF_A_BOOK)
        for one in rows:
            if not one.runs:
                made.add_row(one.contender, str(one.columns), "out of memory")
                continue
            made.add_row(
                one.contender,
                str(one.columns),
                f"{one.cpu:.2f}",
                _part(ours, one, lambda each: each.cpu),
                f"{one.elapsed:.2f}",
                f"{one.read / 1e6:,.2f}",
                _part(ours, one, lambda each: each.read),
                f"{one.memory / 2**20:,.0f}",
                f"{one.cpu * 1e6 / one.columns / one.customers:.3f}",
            )
        out.print(made)
        out.print()
    if found:
        made = table("One month more: MB read by all models", "what", *OF_A_MONTH)
        for month in found:
            made.add_row(
                f"{month.history} months of history",
                f"{(month.total - month.refined) / 1e6:,.3f}",
                f"{month.refined / 1e6:,.3f}",
                f"{month.total / 1e6:,.3f}",
                f"{month.total / found[0].total:.3f}",
            )
        out.print(made)


def _part(ours: Measured, one: Measured, of: Callable[[Measured], float]) -> str:
    return f"{of(ours) / of(one):.2f}" if ours.runs and of(one) else ""
