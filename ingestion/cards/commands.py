"""The command of cards' files."""

from pathlib import Path
from typing import Annotated

import typer

from ingestion.cards.entities import FILES
from ingestion.objects import S3
from ingestion.run import from_path


def cards(
    place: Annotated[
        str,
        typer.Option(
            "--from",
            help="A file, a folder of files, or an s3:// address of either; CSV or ZIP.",
        ),
    ],
    json: Annotated[bool, typer.Option("--json", help="Print the outcome for programs.")] = False,
) -> None:
    """Land monthly files of invoices and payments, both kinds together."""
    if not place.startswith(S3) and not Path(place).exists():
        raise typer.BadParameter(f"{place}: there is nothing at this place.")
    raise typer.Exit(from_path(place, FILES, json))
