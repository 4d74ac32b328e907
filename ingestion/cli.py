"""The command line: one group of commands per domain."""

import typer

from ingestion.b3 import commands as b3
from ingestion.cards import commands as cards

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Land files as raw tables of the lake.")
app.add_typer(b3.app, name="b3")
app.command(name="cards")(cards.cards)


@app.callback()
def _ingestion() -> None:
    """Land files as raw tables of the lake."""
