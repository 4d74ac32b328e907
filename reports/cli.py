"""The command line: a page a command."""

import os
import sys
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import awswrangler as wr
import typer
from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from ingestion.clients import session_of
from ingestion.settings import SettingsError, from_environment
from reports import page
from reports.athena import Refined
from reports.day import NoSessionError, of_lake

FAILED, WRONG_USE = 1, 2
LOOK = "Is it up, and are the refined tables of b3 there? `dbt build` makes them."
app = typer.Typer(no_args_is_help=True, add_completion=False, help="Pages for people, from refined tables.")


@app.callback()
def _reports() -> None:
    """Pages for people, from refined tables."""


@app.command()
def b3(
    day: Annotated[str, typer.Option("--date", help="The session: YYYY-MM-DD.")],
    tickers: Annotated[
        list[str] | None,
        typer.Option("--ticker", help="A paper to show; may be repeated. Else the three most traded."),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="The file to write; else b3-YYYY-MM-DD.html here.")] = None,
) -> None:
    """Write the page of a session of the exchange: one HTML file that needs no network."""
    try:
        session_day = date.fromisoformat(day)
    except ValueError as error:
        raise typer.BadParameter(f"{day} is no day. Write it as YYYY-MM-DD.") from error
    codes = list(dict.fromkeys(ticker.upper() for ticker in tickers or []))
    file = out or Path(f"b3-{session_day}.html")
    try:
        settings = from_environment(os.environ)
        refined = Refined(settings, session_of(settings))
        with Console(stderr=True).status("asking Athena") as status:
            shown = of_lake(refined, session_day, codes, lambda name: status.update(f"asking Athena: {name}"))
            status.update("drawing")
            file.write_text(page.render(shown), encoding="utf-8")
    except SettingsError as error:
        _fail(str(error), WRONG_USE)
    except NoSessionError as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error}. The page was not written; --out names another place.")
    except (BotoCoreError, ClientError, wr.exceptions.QueryFailed) as error:
        _fail(f"AWS: {error}\n{LOOK}")
    for code in (ticker for ticker, rows in shown.tickers.items() if not rows):
        print(f"{code} was not traded in the two years to {session_day}.", file=sys.stderr)  # noqa: T201
    print(f"{file}  ({refined.bytes_scanned / 1e6:,.1f} MB scanned)")  # noqa: T201


def _fail(message: str, status: int = FAILED) -> NoReturn:
    print(message, file=sys.stderr)  # noqa: T201
    raise typer.Exit(status)
