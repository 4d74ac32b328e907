"""The measurements, for people and for programs."""

import json
from dataclasses import asdict

from rich.table import Table

from benchmarks.b3_history.measure import Day, Year
from benchmarks.tables import console, table

YEARS = 10
TOP = 5


def as_json(days: list[Day], year: Year | None) -> str:
    """Every model's bytes."""
    return json.dumps(
        {"day_more": [asdict(one) for one in days], "year": asdict(year) if year else None}, indent=2
    )


def print_tables(days: list[Day], year: Year | None) -> None:
    """A table of what a day more takes, and one of what a year takes."""
    out = console()
    if days:
        out.print(_of_days(days))
    if year:
        out.print(_of_a_year(year))


def _of_days(days: list[Day]) -> Table:
    made = table(
        "One day more", "what", "MB read", "to the first", "s", "to the first", "USD", "read most, MB"
    )
    for day in days:
        most = sorted(day.run.read.items(), key=lambda one: -one[1])[:TOP]
        made.add_row(
            f"{day.years} years of history",
            f"{day.run.total / 1e6:,.2f}",
            f"{day.run.total / days[0].run.total:.2f}",
            f"{day.run.seconds:.1f}",
            f"{day.run.seconds / days[0].run.seconds:.2f}",
            f"{day.run.dollars:.4f}",
            ", ".join(f"{model} {read / 1e6:.2f}" for model, read in most),
        )
    return made


def _of_a_year(year: Year) -> Table:
    made = table("A year", "what", "rows", "landing s", "building s", "MB read", "USD", "engine MiB")
    for what, times in (("measured", 1), (f"{YEARS} years, projected: this one {YEARS} times", YEARS)):
        made.add_row(
            f"{year.sessions * times:,} sessions, {what}",
            f"{year.rows * times:,}",
            f"{year.landing * times:,.1f}",
            f"{year.run.seconds * times:,.1f}",
            f"{year.run.total * times / 1e6:,.0f}",
            f"{year.run.dollars * times:.3f}",
            f"{year.engine_mib:,.0f}" if times == 1 else "",
        )
    return made
