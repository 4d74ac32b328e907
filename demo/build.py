"""`dbt build` with a progress bar, and what it cost."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import boto3
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from localaws.query import MIN_BILLED_BYTES, USD_PER_TB

FINISHED = ("LogSeedResult", "LogModelResult", "LogSnapshotResult", "LogTestResult")


@dataclass(frozen=True, slots=True)
class Cost:
    """What queries read, and what Athena would bill: USD 5 per TB, 10 MB at least per query, DDL free."""

    queries: int
    bytes_scanned: int
    dollars: float


def build(environment: dict[str, str], console: Console) -> int:
    """Run `dbt build`; its exit status. Warnings and errors are shown as dbt writes them."""
    command = [str(Path(sys.executable).with_name("dbt")), "--log-format", "json", "build"]
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
        # dbt counts unit tests twice in its total.
        progress.update(task, total=progress.tasks[task].completed, description="dbt build")
    return dbt.returncode


def cost(environment: dict[str, str], since: datetime) -> Cost:
    """The cost of all queries submitted to the local AWS since then (an aware datetime)."""
    client = boto3.client(
        "athena",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_DEFAULT_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )
    scanned = []
    for page in client.get_paginator("list_query_executions").paginate():
        if page["QueryExecutionIds"]:
            found = client.batch_get_query_execution(QueryExecutionIds=page["QueryExecutionIds"])
            scanned += [
                execution["Statistics"].get("DataScannedInBytes", 0)
                for execution in found["QueryExecutions"]
                if execution["StatementType"] == "DML" and execution["Status"]["SubmissionDateTime"] >= since
            ]
    billed = sum(max(count, MIN_BILLED_BYTES) for count in scanned)
    return Cost(len(scanned), sum(scanned), billed / 1e12 * USD_PER_TB)


def _events(dbt: "subprocess.Popen[str]") -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for line in dbt.stdout or ():
        if line.startswith("{"):
            event = json.loads(line)
            yield event["info"], event.get("data", {})
