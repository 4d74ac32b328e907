"""`make demo`: a local AWS up, files landed, models built and tested, results shown. The lake stays up."""

import os
import shutil
import subprocess
import time
from datetime import date
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from demo.build import build, cost
from demo.show import Query, column, show, sparkline
from demo.source import HOME, Source, source
from localaws import state
from localaws.errors import LocalAwsError
from localaws.launch import DEFAULT_PORT, detach, end
from localaws.query import QueryFailedError
from localaws.state import ServerState

REFUSED_SOMETHING = 1
QUERIES = (
    Query("refused_files", "Files refused, and why"),
    Query("refused_rows", "Rows refused, and why"),
    Query("conservation", "Where every row went: rows = curated + superseded + duplicates + quarantined"),
    Query("movers", "The last session: strongest and weakest of R$ 1 million and more"),
    Query("prices", "PETR4, the last sessions (cashflow.refined)"),
)

console = Console(highlight=False)


def main(
    origin: Annotated[
        str, typer.Option("--from", help="samples, b3, or a folder of COTAHIST files.")
    ] = "samples",
) -> None:
    """Land, build, test and show on a local AWS, which stays up."""
    started = time.monotonic()
    try:
        chosen = source(origin, date.today())
        aws = _local_aws(chosen)
        _fill(chosen, aws)
        _show_all(aws)
    except FileNotFoundError as error:
        _fail(f"There is no file or folder {error}. FROM is samples, b3, or a path.")
    except (LocalAwsError, QueryFailedError) as error:
        _fail(str(error))
    _say_what_next(time.monotonic() - started)


def _local_aws(chosen: Source) -> ServerState:
    _step("Local AWS")
    console.print(f"A lake of its own for {chosen.title}.", soft_wrap=True)
    lake = chosen.lake.resolve()
    running = state.current(DEFAULT_PORT)
    if running is not None and running.data_dir is None:
        _fail("Another local AWS is up, which is not the demo's. Stop it: .venv/bin/python -m localaws down")
    if running is not None:
        end(DEFAULT_PORT)
    if chosen.prepare:
        # Generated files are made anew each time, and so is the lake they fill.
        shutil.rmtree(lake, ignore_errors=True)
        shutil.rmtree(HOME / "samples", ignore_errors=True)
    up = detach(DEFAULT_PORT, lake)
    console.print(f"up at {up.endpoint_url}, data in {chosen.lake}")
    return up


def _fill(chosen: Source, aws: ServerState) -> None:
    environment = {**os.environ, **aws.environment}
    for title, commands in (("Generate", chosen.prepare), ("Land", chosen.land)):
        if commands:
            _step(title)
        for command in commands:
            console.print(f"$ {_as_typed(command)}", style="dim", soft_wrap=True)
            status = subprocess.run(command, env=environment, check=False).returncode
            if status not in (0, REFUSED_SOMETHING) or (status and title != "Land"):
                _fail(f"That ended with status {status}.")
            if status == REFUSED_SOMETHING:
                console.print(
                    "Some files were refused: they are kept, named, and the rest goes on.", style="dim"
                )
    _step("Build and test")
    console.print("$ dbt build", style="dim")
    if build(environment, console) != 0:
        _fail("dbt build failed; its log is logs/dbt.log.")


def _show_all(aws: ServerState) -> None:
    _step("What is there now")
    for query in QUERIES:
        result = show(query, aws.environment, console)
    closes = column(result, "close")[::-1]
    if closes:
        console.print(f"close, oldest to newest  {sparkline(closes)}\n")
    spent = cost()
    console.print(
        f"On AWS this build of {spent.nodes} nodes would have scanned {spent.bytes_scanned / 1e6:,.1f} MB"
        f" and cost about USD {spent.dollars:.4f} on Athena (10 MB at least a query).",
    )


def _say_what_next(seconds: float) -> None:
    console.rule(f"Done in {seconds:.0f} s. The lake stays up", align="left")
    console.print(
        """\
  ask it       .venv/bin/python -m localaws sql "select * from cashflow.refined where ticker = 'VALE3'"
  any client   eval "$(.venv/bin/python -m localaws env)"   then boto3, awswrangler, the AWS CLI, dbt …
  docs site    make docs
  stop it      .venv/bin/python -m localaws down""",
        markup=False,
        soft_wrap=True,
    )


def _as_typed(command: list[str]) -> str:
    return " ".join([Path(command[0]).name.rstrip("0123456789."), *command[1:]])


def _step(title: str) -> None:
    console.print()
    console.rule(title, align="left", style="cyan")


def _fail(message: str) -> NoReturn:
    Console(stderr=True, highlight=False).print(message, markup=False, soft_wrap=True)
    raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
