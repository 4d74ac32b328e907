"""The commands of B3's files."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from ingestion.b3 import corporate_actions, cotahist, index_levels, index_portfolio, names, services
from ingestion.entity import Entity
from ingestion.question import Question
from ingestion.run import from_path, from_web
from ingestion.settings import Settings
from ingestion.source import Source, alone

QUOTES = alone(cotahist.ENTITY)
Given = TypeVar("Given")

File = Annotated[
    Path | None,
    typer.Option(
        "--from", exists=True, help="A file of such answers (plain or in a ZIP), or a folder of them."
    ),
]
Indices = Annotated[
    list[str] | None, typer.Option("--index", help="Code of an index: IBOV; may be repeated.")
]
Again = Annotated[bool, typer.Option("--again", help="Ask for what is here for good, too.")]
Json = Annotated[bool, typer.Option("--json", help="Print the outcome for programs.")]
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
    json: Json = False,
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
    raise typer.Exit(
        from_web(lambda settings: [Question(name, lambda _: f"{settings.b3_base_url}/{name}")], QUOTES, json)
    )


def _name(day: str | None, month: str | None, year: str | None) -> str:
    if day is not None:
        try:
            return names.of_day(date.fromisoformat(day))
        except ValueError:
            raise ValueError(f"{day} is no day. Write it as YYYY-MM-DD.") from None
    if month is not None:
        return names.of_month(month)
    return names.of_year(year or "")


@app.command("index-levels")
def levels(  # noqa: PLR0913, PLR0917 (each is an option of the command line)
    path: File = None,
    indices: Indices = None,
    year: Annotated[str | None, typer.Option(help="A year: YYYY.")] = None,
    years: Annotated[str | None, typer.Option(help="A span of years: YYYY-YYYY.")] = None,
    again: Again = False,
    json: Json = False,
) -> None:
    """Land the closing levels of indices: --from files, or --index with --year or --years, asked of B3.

    A year that is over and here is not asked for again. Files are B3's answers, called …_IBOV_2022.json, or
    CSV with the columns index, date and level.
    """
    if path is not None:
        _alone(indices, year, years)
        raise typer.Exit(from_path(path, _answers(index_levels.ENTITY, (".csv",)), json))
    if not indices or (year is None) == (years is None):
        raise typer.BadParameter("Give --from, or --index and one of --year and --years.")
    codes, span = _valid(
        lambda: ([services.index_code(one) for one in indices], services.years_of(year, years))
    )

    def questions(settings: Settings) -> list[Question]:
        return [
            services.levels(settings.b3_listed_url, code, one, _now(), again)
            for code in codes
            for one in span
        ]

    raise typer.Exit(from_web(questions, _answers(index_levels.ENTITY), json))


@app.command("index-portfolio")
def portfolio(path: File = None, indices: Indices = None, json: Json = False) -> None:
    """Land the portfolio of the day of indices: --from files, or --index, asked of B3.

    Files are B3's answers, called …_IBOV.json or, where they do not tell their day, …_IBOV_20220506.json.
    """
    if path is not None:
        _alone(indices)
        raise typer.Exit(from_path(path, _answers(index_portfolio.ENTITY), json))
    if not indices:
        raise typer.BadParameter("Give --from or --index.")
    codes = _valid(lambda: [services.index_code(one) for one in indices])

    def questions(settings: Settings) -> list[Question]:
        return [services.portfolio(settings.b3_listed_url, code) for code in codes]

    raise typer.Exit(from_web(questions, _answers(index_portfolio.ENTITY), json))


@app.command("corporate-actions")
def actions(
    path: File = None,
    companies: Annotated[
        list[str] | None,
        typer.Option("--company", help="The four characters its tickers begin with: ABEV; may be repeated."),
    ] = None,
    again: Again = False,
    json: Json = False,
) -> None:
    """Land dividends, splits and subscriptions of companies: --from files, or --company, asked of B3.

    A company is asked for once a day. Files are B3's answers, called …_ABEV.json.
    """
    if path is not None:
        _alone(companies)
        raise typer.Exit(from_path(path, _answers(corporate_actions.ENTITY), json))
    if not companies:
        raise typer.BadParameter("Give --from or --company.")
    codes = _valid(lambda: [services.company_code(one) for one in companies])

    def questions(settings: Settings) -> list[Question]:
        return [services.corporate_actions(settings.b3_listed_url, code, _now(), again) for code in codes]

    raise typer.Exit(from_web(questions, _answers(corporate_actions.ENTITY), json))


def _answers(entity: Entity, also: tuple[str, ...] = ()) -> Source:
    suffixes = (".json", *also, ".zip")
    return Source(
        entities=(entity,),
        entity_of=lambda _: entity,
        suffixes=suffixes,
        beginnings=(),
        what=f"called {', '.join(f'*{suffix}' for suffix in suffixes)}",
    )


def _alone(*others: object) -> None:
    if any(others):
        raise typer.BadParameter("--from stands alone: what it is of, the files tell.")


def _valid(of: Callable[[], Given]) -> Given:
    try:
        return of()
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
