"""The commands that make B3's files."""

import sys
from datetime import date
from pathlib import Path
from typing import Annotated, cast

import typer

from samples.b3.cotahist import Request, Span, make
from samples.b3.services import Language, make_answers

app = typer.Typer(no_args_is_help=True, help="B3, the exchange.")


@app.callback()
def _domain() -> None:
    """B3, the exchange."""


@app.command()
def cotahist(  # noqa: PLR0913, PLR0917 (each is an option of the command line)
    out: Annotated[Path, typer.Option(help="Folder to write to; made if it is not there.")],
    first: Annotated[str, typer.Option("--from", help="First day: YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day: YYYY-MM-DD.")],
    tickers: Annotated[int, typer.Option(min=4, help="Papers of the cash market.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same files.")] = 7,
    spans: Annotated[
        list[str] | None, typer.Option("--as", help="day, month or year; may be repeated.")
    ] = None,
    dirt: Annotated[
        bool, typer.Option("--dirt", help="Add what is wrong in real life; see dirt.json.")
    ] = False,
    plain: Annotated[bool, typer.Option("--plain", help="Write TXT instead of ZIP.")] = False,
) -> None:
    """Make COTAHIST files of an invented market: the true format, real tickers, invented prices."""
    chosen = tuple(spans or ["day"])
    if unknown := [span for span in chosen if span not in ("day", "month", "year")]:
        raise typer.BadParameter(f"--as takes day, month or year, not {unknown[0]}.")
    try:
        request = Request(
            out=out,
            first=date.fromisoformat(first),
            last=date.fromisoformat(last),
            tickers=tickers,
            seed=seed,
            spans=cast(tuple[Span, ...], chosen),
            dirty=dirt,
            packed=not plain,
        )
        made = make(request)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    rows, size = sum(one.rows for one in made), sum(one.text_bytes for one in made)
    print(f"{len(made)} files, {rows:,} rows, {size / 1e6:,.1f} MB of text in {out}", file=sys.stderr)  # noqa: T201


@app.command()
def services(  # noqa: PLR0913, PLR0917 (each is an option of the command line)
    out: Annotated[Path, typer.Option(help="Folder to write to; made if it is not there.")],
    first: Annotated[str, typer.Option("--from", help="First day: YYYY-MM-DD.")],
    last: Annotated[str, typer.Option("--to", help="Last day: YYYY-MM-DD.")],
    tickers: Annotated[int, typer.Option(min=4, help="Papers of the cash market.")] = 60,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same files.")] = 7,
    language: Annotated[str, typer.Option(help="pt-br (1.234,56) or en-us (1,234.56).")] = "pt-br",
    company: Annotated[
        list[str] | None,
        typer.Option(help="Whose actions, by its code (PETR); may be repeated. All otherwise."),
    ] = None,
    dirt: Annotated[bool, typer.Option("--dirt", help="Add what is wrong in real life.")] = False,
) -> None:
    """Make answers of B3's services about the same market: index levels, portfolio, corporate actions."""
    if language not in ("pt-br", "en-us"):
        raise typer.BadParameter(f"--language takes pt-br or en-us, not {language}.")
    try:
        request = Request(out, date.fromisoformat(first), date.fromisoformat(last), tickers, seed, dirty=dirt)
        made = make_answers(request, cast(Language, language), company or ())
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    print(f"{len(made)} files in {out}", file=sys.stderr)  # noqa: T201
