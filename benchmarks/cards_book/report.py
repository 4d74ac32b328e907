"""The measurements, for people and for programs."""

import json
from dataclasses import asdict
from itertools import groupby

from rich.console import Console
from rich.table import Table

from benchmarks.cards_book.measure import Measured, Month

WIDE = 140


def as_json(measured: list[Measured], found: list[Month]) -> str:
    """Every run of every contender, and every model's bytes."""
    return json.dumps(
        {"book": [asdict(one) for one in measured], "month_more": [asdict(one) for one in found]}, indent=2
    )


def print_tables(measured: list[Measured], found: list[Month]) -> None:
    """A table for each number of customers, and one of what a month more reads."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    for customers, of_size in groupby(measured, key=lambda one: one.customers):
        rows = list(of_size)
        ours = rows[0]
        table = _table(f"{customers:,} customers x 13 months, one month's book")
        for name in ("columns", "CPU s", "ours is", "s", "MB read", "ours is", "peak MiB", "us CPU a cell"):
            table.add_column(name, justify="right")
        for one in rows:
            table.add_row(
                one.contender,
                str(one.columns),
                f"{one.cpu:.2f}",
                f"{ours.cpu / one.cpu:.2f}",
                f"{one.elapsed:.2f}",
                f"{one.read / 1e6:,.2f}",
                f"{ours.read / one.read:.2f}" if one.read else "",
                f"{one.memory / 2**20:,.0f}",
                f"{one.cpu * 1e6 / one.columns / one.customers:.3f}",
            )
        console.print(table)
        console.print()
    if found:
        table = _table("One month more: MB read by all models")
        for name in ("curated", "refined", "MB", "to the first"):
            table.add_column(name, justify="right")
        for month in found:
            table.add_row(
                f"{month.history} months of history",
                f"{(month.total - month.refined) / 1e6:,.3f}",
                f"{month.refined / 1e6:,.3f}",
                f"{month.total / 1e6:,.3f}",
                f"{month.total / found[0].total:.3f}",
            )
        console.print(table)


def _table(title: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("what")
    return table
