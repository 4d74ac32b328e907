"""`dbt build` with a progress bar, and what it cost."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from localaws.query import athena, dollars, scanned

FINISHED = ("LogSeedResult", "LogModelResult", "LogSnapshotResult", "LogTestResult")


@dataclass(frozen=True, slots=True)
class Cost:
    """The queries that Athena would bill, what they read, and the bill."""

    queries: int
    bytes_scanned: int
    dollars: float


# What a run in production does too: unit tests judge the SQL, not the data.
BUILD = ["build", "--exclude-resource-type", "unit_test"]


def build(environment: dict[str, str], as_of: date | None, console: Console) -> int:
    """Run `dbt build`, as of a day other than today where one is given; its exit status.

    Warnings and errors are shown as dbt writes them.
    """
    command = [str(Path(sys.executable).with_name("dbt")), "--log-format", "json", *BUILD]
    if as_of is not None:
        command += ["--vars", json.dumps({"run_date": as_of.isoformat()})]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with (
        subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as dbt,
        Progress(*columns, console=console) as progress,
    ):
        task = progress.add_task("dbt build", total=None)
        for info, data in _events(dbt):
            if info["level"] in ("warn", "error"):
                progress.console.print(Text.from_ansi(info["msg"]))
            if info["name"] in FINISHED:
                node = data.get("node_info", {}).get("node_name", "")
                total = data.get("total") or data["num_models"]
                progress.update(task, advance=1, total=total, description=f"dbt build  {node[:32]:32}")
        progress.update(task, total=progress.tasks[task].completed, description="dbt build")
    return dbt.returncode


def cost(environment: dict[str, str], since: datetime) -> Cost:
    """The cost of all queries submitted to the local AWS since then (an aware datetime)."""
    client = athena(environment)
    executions: list[dict[str, Any]] = []
    for page in client.get_paginator("list_query_executions").paginate():
        if page["QueryExecutionIds"]:
            found = client.batch_get_query_execution(QueryExecutionIds=page["QueryExecutionIds"])
            executions += [
                execution
                for execution in found["QueryExecutions"]
                if execution["Status"]["SubmissionDateTime"] >= since
            ]
    billed = [one for one in executions if dollars(one)]
    return Cost(len(billed), sum(map(scanned, billed)), sum(map(dollars, billed)))


def _events(dbt: "subprocess.Popen[str]") -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in dbt.stdout or ():
        if line.startswith("{"):
            event = json.loads(line)
            yield event["info"], event.get("data", {})
