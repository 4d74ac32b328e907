"""The command line: one command per benchmark."""

import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from benchmarks import contest
from benchmarks.athena_overhead import report as overhead_report
from benchmarks.athena_overhead.measure import local_aws, measure
from benchmarks.b3_cotahist.compare import compare as compare_cotahist
from benchmarks.b3_history import measure as history_of_b3
from benchmarks.b3_history import report as history_report
from benchmarks.cards_book import measure as book
from benchmarks.cards_book import report as book_report
from benchmarks.cards_csv.compare import compare as compare_cards_csv

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Measure what it costs.")


@app.callback()
def _benchmarks() -> None:
    """Measure what it costs."""


@app.command(name="b3_cotahist")
def b3_cotahist(
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", exists=True, help="COTAHIST files to take the rows from; generated otherwise."
        ),
    ] = None,
    size_mb: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Megabytes of text; may be repeated. 50 and 400 otherwise."),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each contender, taking turns.")] = 5,
    json: Annotated[bool, typer.Option("--json", help="Print the measurements for programs.")] = False,
) -> None:
    """COTAHIST text to Parquet: ours, b3cotahist, polars, pandas, and bare inflating."""
    if source is None and (named := os.environ.get("FINLAKE_REAL_DATA")):
        source = Path(named) / "b3" / "cotahist"
    _tell(compare_cotahist(source, size_mb or [50, 400], runs), json)


@app.command(name="b3_history")
def b3_history(
    years: Annotated[
        list[int] | None,
        typer.Option(min=1, max=11, help="Years of history before the day; may be repeated. 1 and 10."),
    ] = None,
    tickers: Annotated[int, typer.Option(min=4, help="Instruments of those histories.")] = 60,
    year_tickers: Annotated[int, typer.Option(min=4, help="Instruments of the year.")] = 5600,
    only: Annotated[str, typer.Option(help="`day` or `year`; both otherwise.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the measurements for programs.")] = False,
) -> None:
    """What the run of one day more costs after one year and after ten; what a year of real size costs."""
    tell = Console(stderr=True).print
    days = history_of_b3.days(years or [1, 10], tickers, tell) if only != "year" else []
    year = history_of_b3.year(year_tickers, tell) if only != "day" else None
    if json:
        print(history_report.as_json(days, year))  # noqa: T201
    else:
        history_report.print_tables(days, year)


@app.command(name="cards_csv")
def cards_csv(
    size_mb: Annotated[
        list[int] | None,
        typer.Option(min=1, help="Megabytes of CSV; may be repeated. 50 and 200 otherwise."),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each contender, taking turns.")] = 3,
    json: Annotated[bool, typer.Option("--json", help="Print the measurements for programs.")] = False,
) -> None:
    """A file of invoices to Parquet: ours, and bare reads by pyarrow and polars."""
    _tell(compare_cards_csv(size_mb or [50, 200], runs), json)


@app.command(name="athena_overhead")
def athena_overhead(
    runs: Annotated[int, typer.Option(min=1, help="Runs of each small statement, taking turns.")] = 30,
    large_runs: Annotated[int, typer.Option(min=1, help="Runs of the large result.")] = 5,
    rows: Annotated[int, typer.Option(min=1000, help="Rows of the large result.")] = 100_000,
    json: Annotated[bool, typer.Option("--json", help="Print the measurements for programs.")] = False,
) -> None:
    """What the local Athena adds to the Trino behind it: small statements, a large result."""
    with local_aws() as asked:
        measured = measure(asked, runs, large_runs, rows)
    if json:
        print(overhead_report.as_json(measured))  # noqa: T201
    else:
        overhead_report.print_tables(measured)


@app.command(name="cards_book")
def cards_book(  # noqa: PLR0913, PLR0917 (each is an option of the command line)
    customers: Annotated[
        list[int] | None,
        typer.Option(
            min=1000, help="Customers, in thousands; may be repeated. 10,000 and 100,000 otherwise."
        ),
    ] = None,
    runs: Annotated[int, typer.Option(min=1, help="Runs of each contender, taking turns.")] = 3,
    history: Annotated[
        list[int] | None,
        typer.Option(min=12, help="Months of history, for what one more reads; may be repeated. 24 and 120."),
    ] = None,
    history_customers: Annotated[int, typer.Option(min=100, help="Customers of those histories.")] = 300,
    steady: Annotated[
        bool, typer.Option("--steady", help="Histories of holders who are there all the time.")
    ] = False,
    only: Annotated[str, typer.Option(help="`book` or `history`; both otherwise.")] = "",
    json: Annotated[bool, typer.Option("--json", help="Print the measurements for programs.")] = False,
) -> None:
    """One month of the book of variables: the model, one bare aggregation, and a grouping per window."""
    tell = Console(stderr=True).print
    measured = book.contest(customers or [10_000, 100_000], runs, tell) if only != "history" else []
    found = book.months(history or [24, 120], history_customers, steady, tell) if only != "book" else []
    if json:
        print(book_report.as_json(measured, found))  # noqa: T201
    else:
        book_report.print_tables(measured, found)


def _tell(measured: list[contest.Measured], json: bool) -> None:
    if json:
        print(contest.as_json(measured))  # noqa: T201
    else:
        contest.print_tables(measured)
