"""The command line: one group of commands per domain."""

import typer

from samples.b3 import commands as b3
from samples.cards import commands as cards

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Make source files in their true formats.")
app.add_typer(b3.app, name="b3")
app.command(name="cards")(cards.cards)


@app.callback()
def _samples() -> None:
    """Make source files in their true formats."""
