"""The measurements, for people and for programs."""

import json
from dataclasses import asdict

from rich.console import Console
from rich.table import Table

from benchmarks.b3_history.measure import Day, Year

WIDE = 140
YEARS = 10
TOP = 5


def as_json(days: list[Day], year: Year | None) -> str:
    """Every model's bytes."""
    return json.dumps(
        {"day_more": [asdict(one) for one in days], "year": asdict(year) if year else None}, indent=2
    )


def print_tables(days: list[Day], year: Year | None) -> None:
    """A table of what a day more takes, and one of what a year takes."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    if days:
        console.print(_of_days(days))
    if year:
        console.print(_of_a_year(year))


def _of_days(days: list[Day]) -> Table:
    table = _table("One day more", "MB read", "to the first", "s", "to the first", "USD", "read most, MB")
    for day in days:
        most = sorted(day.run.read.items(), key=lambda one: -one[1])[:TOP]
        table.add_row(
            f"{day.years} years of history",
            f"{day.run.total / 1e6:,.2f}",
            f"{day.run.total / days[0].run.total:.2f}",
            f"{day.run.seconds:.1f}",
            f"{day.run.seconds / days[0].run.seconds:.2f}",
            f"{day.run.dollars:.4f}",
            ", ".join(f"{model} {read / 1e6:.2f}" for model, read in most),
        )
    return table


def _of_a_year(year: Year) -> Table:
    table = _table("A year", "rows", "landing s", "building s", "MB read", "USD", "engine MiB")
    for what, times in (("measured", 1), (f"{YEARS} years, projected: this one {YEARS} times", YEARS)):
        table.add_row(
            f"{year.sessions * times:,} sessions, {what}",
            f"{year.rows * times:,}",
            f"{year.landing * times:,.1f}",
            f"{year.run.seconds * times:,.1f}",
            f"{year.run.total * times / 1e6:,.0f}",
            f"{year.run.dollars * times:.3f}",
            f"{year.engine_mib:,.0f}" if times == 1 else "",
        )
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    table.add_column("what")
    for name in columns:
        table.add_column(name, justify="right")
    return table
