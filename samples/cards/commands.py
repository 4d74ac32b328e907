"""The command that makes a card issuer's files."""

import sys
from pathlib import Path
from typing import Annotated, Literal, cast

import typer
from rich.console import Console
from rich.progress import Progress

from samples.cards.files import Request, make
from samples.cards.form import Dates, Encoding, Form, LineEnd

LINE_ENDS: dict[str, LineEnd] = {"lf": "\n", "crlf": "\r\n"}
# What departments send: the plain one, the one of a Brazilian spreadsheet, the one of an old system.
MIXED = (
    Form(),
    Form(";", ",", "dmy", "latin-1", "\r\n", wide=True),
    Form(";", ".", "iso", "utf-8-sig", "\r\n"),
    Form(",", ",", "dmy", "utf-8", "\n", wide=True),
)


def cards(  # noqa: PLR0913, PLR0917 (each is an option of the command line)
    out: Annotated[Path, typer.Option(help="Folder to write to; made if it is not there.")],
    first: Annotated[str, typer.Option("--from", help="First month: YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="Last month: YYYY-MM.")],
    customers: Annotated[int, typer.Option(min=1, help="Card holders.")] = 1000,
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same files.")] = 7,
    dirt: Annotated[
        bool, typer.Option("--dirt", help="Add what is wrong in real life; see dirt.json.")
    ] = False,
    separator: Annotated[str, typer.Option(help="Between fields: , or ;")] = ",",
    decimal: Annotated[str, typer.Option(help="Decimal mark: . or ,")] = ".",
    dates: Annotated[str, typer.Option(help="iso (2023-01-31) or dmy (31/01/2023).")] = "iso",
    encoding: Annotated[str, typer.Option(help="utf-8, utf-8-sig (with BOM) or latin-1.")] = "utf-8",
    line_end: Annotated[str, typer.Option(help="lf or crlf.")] = "lf",
    wide: Annotated[bool, typer.Option("--wide", help="Add columns that nobody expects.")] = False,
    mixed: Annotated[
        bool, typer.Option("--mixed", help="Another form from month to month, instead of the one given.")
    ] = False,
) -> None:
    """Make the monthly files of invoices and payments of an invented portfolio of card holders."""
    _one_of("--separator", separator, [",", ";"])
    _one_of("--decimal", decimal, [".", ","])
    _one_of("--dates", dates, ["iso", "dmy"])
    _one_of("--encoding", encoding, ["utf-8", "utf-8-sig", "latin-1"])
    _one_of("--line-end", line_end, list(LINE_ENDS))
    form = Form(
        cast(Literal[",", ";"], separator),
        cast(Literal[".", ","], decimal),
        cast(Dates, dates),
        cast(Encoding, encoding),
        LINE_ENDS[line_end],
        wide,
    )
    forms = MIXED if mixed else (form,)
    request = Request(out, first, last, customers, seed, forms, dirt)
    try:
        with Progress(
            console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True
        ) as progress:
            task = progress.add_task("making files", total=1.0)
            made = make(request, lambda share: progress.advance(task, share))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    rows, size = sum(one.rows for one in made), sum(one.bytes for one in made)
    print(f"{len(made)} files, {rows:,} rows, {size / 1e6:,.1f} MB in {out}", file=sys.stderr)  # noqa: T201


def _one_of(option: str, given: str, allowed: list[str]) -> None:
    if given not in allowed:
        raise typer.BadParameter(f"{option} takes {' or '.join(allowed)}, not {given}.")
