"""The commands of B3's files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ingestion.b3 import names
from ingestion.b3.cotahist import ENTITY
from ingestion.run import from_path, from_url
from ingestion.source import alone

QUOTES = alone(ENTITY)
app = typer.Typer(no_args_is_help=True, help="B3, the exchange.")


@app.callback()
def _domain() -> None:
    """B3, the exchange."""


@app.command()
def quotes(
    path: Annotated[
        Path | None,
        typer.Option(
            "--from", exists=True, help="A COTAHIST file (text or ZIP, under any name), or a folder of them."
        ),
    ] = None,
    day: Annotated[str | None, typer.Option("--date", help="Fetch one session: YYYY-MM-DD.")] = None,
    month: Annotated[str | None, typer.Option(help="Fetch a month: YYYY-MM.")] = None,
    year: Annotated[str | None, typer.Option(help="Fetch a year: YYYY.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome for programs.")] = False,
) -> None:
    """Land quotes (COTAHIST) from files, or fetched from B3: one of --from, --date, --month, --year."""
    if sum(choice is not None for choice in (path, day, month, year)) != 1:
        raise typer.BadParameter("Give exactly one of --from, --date, --month, --year.")
    if path is not None:
        raise typer.Exit(from_path(path, QUOTES, json))
    try:
        name = _name(day, month, year)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(from_url(lambda settings: f"{settings.b3_base_url}/{name}", QUOTES, json))


def _name(day: str | None, month: str | None, year: str | None) -> str:
    if day is not None:
        return names.of_day(date.fromisoformat(day))
    if month is not None:
        return names.of_month(month)
    return names.of_year(year or "")
