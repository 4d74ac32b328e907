"""One query through Athena's API, as any client would run it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

POLL_SECONDS = 0.05
RUNNING = ("QUEUED", "RUNNING")
WRITES = ("CREATE_TABLE_AS_SELECT", "INSERT", "MERGE", "UPDATE", "DELETE", "UNLOAD")
# Of the rest (DDL, SHOW, EXPLAIN and the like), Athena bills nothing.
BILLED = (*WRITES, "SELECT", "EXECUTE", "OPTIMIZE")
# The first row that Athena gives of these repeats the columns' names.
WITH_HEADER = ("SELECT", "EXECUTE")
USD_PER_TB = 5
MIN_BILLED_BYTES = 10_000_000
# Values as text; None is null.
Row = list[str | None]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a result, with Athena's name of its type."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Result:
    """A query's rows as text (None is null), what it took, and what Athena bills for it.

    Of a write, `written` is how many rows it wrote.
    """

    columns: list[Column]
    rows: list[Row]
    seconds: float
    bytes_scanned: int
    dollars: float
    written: int | None = None

    @property
    def has_table(self) -> bool:
        """Whether there is something to show: a write's answer has a column and never a row."""
        return bool(self.columns) and self.written is None


class QueryFailedError(Exception):
    """Athena refused the query or it failed; the message is Athena's."""


def dollars(execution: dict[str, Any]) -> float:
    """What Athena bills for a query, of its description: USD 5 per TB, 10 MB at least.

    DDL and what failed is free (aws.amazon.com/athena/pricing); Athena counts a CTAS as DDL, and bills it.
    """
    if execution.get("SubstatementType") not in BILLED or execution["Status"]["State"] == "FAILED":
        return 0.0
    return max(scanned(execution), MIN_BILLED_BYTES) / 1e12 * USD_PER_TB


def scanned(execution: dict[str, Any]) -> int:
    """The bytes that a query read, of its description."""
    read: int = execution.get("Statistics", {}).get("DataScannedInBytes", 0)
    return read


def execute(sql: str, environment: dict[str, str], workgroup: str) -> Result:
    """Run the query on the local AWS of that environment. Raises QueryFailedError."""
    execution, first, rows = _answered(sql, environment, workgroup)
    return Result(
        _columns(first),
        list(rows),
        execution.get("Statistics", {}).get("TotalExecutionTimeInMillis", 0) / 1000,
        scanned(execution),
        dollars(execution),
        first.get("UpdateCount") if execution.get("SubstatementType") in WRITES else None,
    )


def stream(sql: str, environment: dict[str, str], workgroup: str) -> tuple[list[Column], Iterator[Row]]:
    """Run the query; its columns, and its rows, of which a page is in memory. Both raise QueryFailedError."""
    _, first, rows = _answered(sql, environment, workgroup)
    return _columns(first), rows


def _answered(
    sql: str, environment: dict[str, str], workgroup: str
) -> tuple[dict[str, Any], dict[str, Any], Iterator[Row]]:
    """A query's description at its end, its result's first page, and its rows, read as they are asked for."""
    with _failing():
        client = athena(environment)
        execution = _finished(client, sql, environment["FINLAKE_BUCKET"], workgroup)
        asked = client.get_paginator("get_query_results")
        pages = iter(asked.paginate(QueryExecutionId=execution["QueryExecutionId"]))
        first = next(pages)
    return execution, first, _rows(execution, chain([first], pages))


@contextmanager
def _failing() -> Iterator[None]:
    """What Athena says when it refuses, or boto3 when nobody answers, as QueryFailedError."""
    try:
        yield
    except ClientError as error:
        raise QueryFailedError(error.response["Error"]["Message"]) from None
    except BotoCoreError as error:
        raise QueryFailedError(str(error)) from None


def athena(environment: dict[str, str]) -> Any:
    """A client of the Athena of that environment."""
    return boto3.client(
        "athena",
        endpoint_url=environment["AWS_ENDPOINT_URL"],
        region_name=environment["AWS_DEFAULT_REGION"],
        aws_access_key_id=environment["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=environment["AWS_SECRET_ACCESS_KEY"],
    )


def _finished(client: Any, sql: str, bucket: str, workgroup: str) -> dict[str, Any]:
    """The query's description, at its end. Raises QueryFailedError when it did not succeed."""
    query = client.start_query_execution(
        QueryString=sql,
        WorkGroup=workgroup,
        ResultConfiguration={"OutputLocation": f"s3://{bucket}/athena-results/"},
    )["QueryExecutionId"]
    try:
        execution = _waited_for(client, query)
    except KeyboardInterrupt:
        client.stop_query_execution(QueryExecutionId=query)
        raise
    if execution["Status"]["State"] != "SUCCEEDED":
        raise QueryFailedError(execution["Status"].get("StateChangeReason", execution["Status"]["State"]))
    return execution


def _waited_for(client: Any, query: str) -> dict[str, Any]:
    while True:
        execution: dict[str, Any] = client.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        if execution["Status"]["State"] not in RUNNING:
            return execution
        time.sleep(POLL_SECONDS)


def _columns(page: dict[str, Any]) -> list[Column]:
    described = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
    return [Column(column["Name"], column["Type"]) for column in described]


def _rows(execution: dict[str, Any], pages: Iterator[dict[str, Any]]) -> Iterator[Row]:
    begin = 1 if execution.get("SubstatementType") in WITH_HEADER else 0
    with _failing():
        for page in pages:
            for row in page["ResultSet"]["Rows"][begin:]:
                yield [cell.get("VarCharValue") for cell in row["Data"]]
            begin = 0
