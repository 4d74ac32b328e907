"""The measurements, for people and for programs."""

import json
from itertools import groupby
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.b3_cotahist.compare import Comparison, Measured

OURS = "finlake: text to Parquet"
WIDE = 140


def as_json(comparison: Comparison) -> str:
    """All measurements: every run's seconds, medians as MB/s, memory."""
    return json.dumps(
        {
            "rows_from": comparison.rows_from,
            "cpus": comparison.cpus,
            "measured": [
                {
                    "contender": one.contender.label,
                    "text_bytes": one.text_bytes,
                    "rows": one.rows,
                    "seconds": [round(seconds, 4) for seconds in one.seconds],
                    "mb_per_second": round(one.mb_per_second, 1),
                    "cpu_seconds": [round(seconds, 4) for seconds in one.cpu_seconds],
                    "imported_mib": round(one.imported_mib, 1),
                    "peak_mib": round(one.peak_mib, 1),
                    "failure": one.failure,
                }
                for one in comparison.measured
            ],
        },
        indent=2,
    )


def print_tables(comparison: Comparison) -> None:
    """A table for each size."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    for size, of_size in groupby(comparison.measured, key=lambda one: one.text_bytes):
        measured = list(of_size)
        ours = next(one.mb_per_second for one in measured if one.contender.label == OURS)
        title = f"{size / 1e6:,.1f} MB of text, rows from {comparison.rows_from}, {comparison.cpus} CPUs"
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
        table.add_column("what")
        for name in ("rows", "MB/s", "slowest", "fastest", "to ours", "CPU s", "peak MiB", "of it imports"):
            table.add_column(name, justify="right")
        for one in measured:
            table.add_row(*_cells(one, ours))
        console.print(table)
        console.print()


def _cells(one: Measured, ours: float) -> list[str]:
    if not one.seconds:
        return [one.contender.label, f"[yellow]{one.failure}[/]"]
    rates = [one.text_bytes / 1e6 / seconds for seconds in one.seconds]
    return [
        one.contender.label,
        f"{one.rows:,}",
        f"{one.mb_per_second:.0f}",
        f"{min(rates):.0f}",
        f"{max(rates):.0f}",
        f"{one.mb_per_second / ours:.2f}" if ours else "",
        f"{median(one.cpu_seconds):.2f}",
        f"{one.peak_mib:.0f}",
        f"{one.imported_mib:.0f}",
    ]
