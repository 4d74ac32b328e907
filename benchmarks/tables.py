"""Tables of measurements, as wide as needed where they are not read on a terminal."""

from rich.console import Console
from rich.table import Table

WIDE = 140


def console() -> Console:
    """Where they are printed."""
    found = Console()
    return found if found.is_terminal else Console(width=WIDE)


def table(title: str, first: str, *others: str) -> Table:
    """A table without rows: what is measured, and figures to the right."""
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    made.add_column(first)
    for name in others:
        made.add_column(name, justify="right")
    return made
