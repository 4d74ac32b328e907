"""`make demo`: a local AWS up, files landed, models built and tested, results shown. The lake stays up."""

import os
import shutil
import subprocess
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from demo.build import BUILD, Cost, build, cost
from demo.show import Query, column, run, show, sparkline
from demo.source import Source, source
from localaws import state
from localaws.errors import LocalAwsError
from localaws.launch import DEFAULT_PORT, MISLEADING, detach, end
from localaws.query import QueryFailedError, execute
from localaws.state import ServerState
from localaws.storage.folder import opened

REFUSED_SOMETHING = 1
ASK = "\"select dt_ref, vl_fechamento from cashflow.refined where ticker = 'VALE3' order by 1 desc limit 5\""
QUERIES = {
    "": (
        Query("refused_files", "Files refused, and why"),
        Query("refused_rows", "Rows refused, and why"),
        Query(
            "conservation",
            "Where every row went: rows are the sum of what follows, but for `missing`",
        ),
    ),
    "b3": (
        Query("market", "B3, the last sessions: instruments that rose and fell, the IBOV"),
        Query("index_drivers", "What moved the IBOV on the last of them, in points: most and least"),
        Query("movers", "B3, the last session: strongest and weakest of R$ 1 million and more"),
        Query(
            "prices",
            "PETR4 in cashflow.refined; adjusted = for corporate actions, return and SMA = over its sessions",
        ),
    ),
    "cards": (
        Query(
            "portfolio",
            "Cards, at the end of the last month: its invoices, and those of 3, 6, 9 and 12 months",
        ),
        Query("delinquency", "Cards, the last month: customers by days past due"),
    ),
}
TRENDS = {
    "b3": (Query("prices", "PETR4's close"), "close"),
    "cards": (Query("delinquency_by_month", "what is overdue of what is owed, by month"), "overdue"),
}

console = Console(highlight=False)


def main(
    origin: Annotated[
        str, typer.Option("--from", help="samples, b3, or a folder of files: COTAHIST, or of cards.")
    ] = "samples",
    home: Annotated[Path, typer.Option(help="Where lakes, generated files and dbt's output go.")] = Path(
        ".demo"
    ),
    port: Annotated[int, typer.Option(help="Port of the local AWS.")] = DEFAULT_PORT,
) -> None:
    """Land, build, test and show on a local AWS, which stays up."""
    started = time.monotonic()
    try:
        chosen = source(origin, date.today(), home)
        aws = _local_aws(chosen, home, port)
        begin = datetime.now(UTC)
        domains = _fill(chosen, _environment(aws, home))
        _show_all(aws, domains, cost(aws.environment, begin))
    except FileNotFoundError as error:
        _fail(f"There is no file or folder {error}. FROM is samples, b3, or a path.")
    except (LocalAwsError, QueryFailedError) as error:
        _fail(str(error))
    _say_what_next(time.monotonic() - started, chosen.lake, "" if port == DEFAULT_PORT else f" --port {port}")


def _local_aws(chosen: Source, home: Path, port: int) -> ServerState:
    _step("Local AWS")
    console.print(f"A lake of its own for {chosen.title}.", soft_wrap=True)
    running = state.current(port)
    if running is not None and not _is_ours(running, home):
        _fail("Another local AWS is up, which is not the demo's. Stop it: .venv/bin/python -m localaws down")
    if running is not None:
        console.print(
            f"The lake that was up, {running.data_dir}, is stopped and stays on disk.", soft_wrap=True
        )
        end(port)
    if chosen.prepare:
        # Generated files are made anew each time, and so is the lake they fill, unless a server has it.
        with opened(chosen.lake):
            shutil.rmtree(chosen.lake, ignore_errors=True)
        shutil.rmtree(home / "samples", ignore_errors=True)
    up = detach(port, chosen.lake.resolve(), small=bool(chosen.prepare))
    console.print(f"up at {up.endpoint_url}, data in {chosen.lake}", soft_wrap=True)
    return up


def _is_ours(running: ServerState, home: Path) -> bool:
    return running.data_dir is not None and home.resolve() in Path(running.data_dir).parents


def _environment(aws: ServerState, home: Path) -> dict[str, str]:
    inherited = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    own = {
        "FINLAKE_SCHEMA": "finlake",
        "DBT_TARGET_PATH": str(home.resolve() / "target"),
        "DBT_LOG_PATH": str(home.resolve() / "logs"),
    }
    return inherited | aws.environment | own


def _fill(chosen: Source, environment: dict[str, str]) -> list[str]:
    if chosen.prepare:
        _step("Generate")
    for command in chosen.prepare:
        if _run(command, environment) != 0:
            _fail("The files could not be generated; see above.")
    _step("Land")
    for command in chosen.land:
        if _run(command, environment) == REFUSED_SOMETHING:
            console.print("Not all of it landed: what did not is named above; the rest goes on.", style="dim")
    domains = _landed_domains(environment)
    if not domains:
        _fail("Nothing has landed, so there is nothing to build; see above.")
    _step("Build and test")
    console.print(f"$ dbt {' '.join(BUILD)}", style="dim")
    if build(environment, chosen.as_of, console) != 0:
        _fail(f"dbt build failed; its log is {environment['DBT_LOG_PATH']}/dbt.log")
    return domains


def _run(command: list[str], environment: dict[str, str]) -> int:
    console.print(f"$ {_as_typed(command)}", style="dim", soft_wrap=True)
    return subprocess.run(command, env=environment, check=False).returncode


def _landed_domains(environment: dict[str, str]) -> list[str]:
    landed = "select distinct domain from finlake_raw.file_control where status = 'landed' order by domain"
    try:
        return [str(domain) for (domain,) in execute(landed, environment, "primary").rows]
    except QueryFailedError:
        return []


def _show_all(aws: ServerState, domains: list[str], spent: Cost) -> None:
    _step("What is there now")
    for domain in ["", *domains]:
        shown = {query.name: show(query, aws.environment, console) for query in QUERIES[domain]}
        if domain in TRENDS:
            trend, figure = TRENDS[domain]
            values = column(shown.get(trend.name) or run(trend, aws.environment), figure)
            console.print(f"{trend.title}, oldest to newest  {sparkline(values[::-1])}\n")
    console.print(
        f"On AWS the {spent.queries} queries of this build and its tests would have scanned"
        f" {spent.bytes_scanned / 1e6:,.1f} MB\nand cost USD {spent.dollars:.3f} on Athena"
        " (USD 5 per TB, 10 MB at least a query).",
        soft_wrap=True,
    )


def _say_what_next(seconds: float, lake: Path, port: str) -> None:
    console.rule(f"Done in {seconds:.0f} s. The lake stays up", align="left")
    local_aws = ".venv/bin/python -m localaws"
    for what, how in (
        ("ask it", f"{local_aws} sql{port} {ASK}"),
        ("any client", f'eval "$({local_aws} env{port})"   then boto3, awswrangler, the AWS CLI, dbt'),
        ("docs site", "make docs"),
        ("stop it", f"{local_aws} down{port}"),
        ("start again", f"{local_aws} up --detach{port} --data-dir {lake}"),
    ):
        console.print(f"  {what:<12} {how}", markup=False, soft_wrap=True)


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
