"""The commands of B3's files."""

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from ingestion.b3 import addresses
from ingestion.b3.cotahist import ENTITY
from ingestion.run import from_path, from_url, settings_or_exit

app = typer.Typer(no_args_is_help=True, help="B3, the exchange.")


@app.callback()
def _domain() -> None:
    """B3, the exchange."""


@app.command()
def quotes(
    path: Annotated[
        Path | None,
        typer.Option("--from", exists=True, help="A COTAHIST file (ZIP or TXT), or a folder of them."),
    ] = None,
    day: Annotated[str | None, typer.Option("--date", help="Fetch one session: YYYY-MM-DD.")] = None,
    month: Annotated[str | None, typer.Option(help="Fetch a month: YYYY-MM.")] = None,
    year: Annotated[str | None, typer.Option(help="Fetch a year: YYYY.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the outcome for programs.")] = False,
) -> None:
    """Land quotes (COTAHIST) from files, or fetched from B3. Exactly one of --from, --date, --month, --year."""
    if sum(choice is not None for choice in (path, day, month, year)) != 1:
        raise typer.BadParameter("Give exactly one of --from, --date, --month, --year.")
    settings = settings_or_exit()
    if path is not None:
        raise typer.Exit(from_path(path, ENTITY, settings, json))
    try:
        url = _address(settings.b3_base_url, day, month, year)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    raise typer.Exit(from_url(url, ENTITY, settings, json))


def _address(base_url: str, day: str | None, month: str | None, year: str | None) -> str:
    if day is not None:
        return addresses.of_day(base_url, date.fromisoformat(day))
    if month is not None:
        return addresses.of_month(base_url, month)
    return addresses.of_year(base_url, year or "")
