"""The ways of one statement's result: Trino's own client, Athena's API page by page, Athena's CSV in S3."""

import csv
import io
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import boto3
import orjson
import requests
import trino

POLL_SECONDS = 0.005
CATALOG, SCHEMA = "awsdatacatalog", "default"
PAGES = {
    "X-Amz-Target": "AmazonAthena.GetQueryResults",
    "Content-Type": "application/x-amz-json-1.1",
}


@dataclass(frozen=True, slots=True)
class Clients:
    """Who asks: Athena's and S3's clients of boto3, plain HTTP, and Trino's client."""

    endpoint_url: str
    bucket: str
    athena: Any
    s3: Any
    http: requests.Session
    trino: Any


@dataclass(frozen=True, slots=True)
class Taken:
    """Seconds until the statement was done, and from then until its last row was read."""

    done: float
    read: float
    rows: int

    @property
    def whole(self) -> float:
        return self.done + self.read


Way = Callable[[Clients, str], Taken]


def clients(environment: dict[str, str], engine_url: str) -> Clients:
    """Clients of a local AWS and of its Trino."""
    endpoint_url, address = environment["AWS_ENDPOINT_URL"], urlsplit(engine_url)
    options: dict[str, Any] = {
        "endpoint_url": endpoint_url,
        "region_name": environment["AWS_DEFAULT_REGION"],
        "aws_access_key_id": environment["AWS_ACCESS_KEY_ID"],
        "aws_secret_access_key": environment["AWS_SECRET_ACCESS_KEY"],
    }
    return Clients(
        endpoint_url,
        environment["FINLAKE_BUCKET"],
        boto3.client("athena", **options),
        boto3.client("s3", **options),
        requests.Session(),
        trino.dbapi.connect(
            host=address.hostname, port=address.port, user="benchmark", catalog=CATALOG, schema=SCHEMA
        ),
    )


def directly(asked: Clients, sql: str) -> Taken:
    """Trino's own client: its rows come while the statement runs."""
    begin = time.perf_counter()
    cursor = asked.trino.cursor()
    cursor.execute(sql)
    rows = len(cursor.fetchall())
    return Taken(time.perf_counter() - begin, 0, rows)


def athena_alone(asked: Clients, sql: str) -> Taken:
    """Athena's API until it says that the statement has succeeded; no row is read."""
    begin = time.perf_counter()
    _succeeded(asked, sql)
    return Taken(time.perf_counter() - begin, 0, 0)


def athena_pages(asked: Clients, sql: str) -> Taken:
    """Every page of GetQueryResults, over plain HTTP: what the server takes."""

    def read(name: str) -> int:
        request, rows = {"QueryExecutionId": name}, 0
        while True:
            answer = asked.http.post(asked.endpoint_url, headers=PAGES, data=json.dumps(request), timeout=60)
            answer.raise_for_status()
            page = orjson.loads(answer.content)
            rows += len(page["ResultSet"]["Rows"])
            if "NextToken" not in page:
                return rows - 1
            request["NextToken"] = page["NextToken"]

    return _read_by(asked, sql, read)


def athena_pages_boto3(asked: Clients, sql: str) -> Taken:
    """Every page of GetQueryResults with boto3, which checks each cell against the API's model."""

    def read(name: str) -> int:
        pages = asked.athena.get_paginator("get_query_results").paginate(QueryExecutionId=name)
        return sum(len(page["ResultSet"]["Rows"]) for page in pages) - 1

    return _read_by(asked, sql, read)


def athena_csv(asked: Clients, sql: str) -> Taken:
    """The result's CSV from S3, parsed: what awswrangler and PyAthena do with large results."""

    def read(name: str) -> int:
        found = asked.s3.get_object(Bucket=asked.bucket, Key=f"athena-results/{name}.csv")
        return sum(1 for _ in csv.reader(io.TextIOWrapper(found["Body"], newline=""))) - 1

    return _read_by(asked, sql, read)


def _read_by(asked: Clients, sql: str, read: Callable[[str], int]) -> Taken:
    begin = time.perf_counter()
    name = _succeeded(asked, sql)
    done = time.perf_counter()
    rows = read(name)
    return Taken(done - begin, time.perf_counter() - done, rows)


def _succeeded(asked: Clients, sql: str) -> str:
    output = {"OutputLocation": f"s3://{asked.bucket}/athena-results/"}
    name: str = asked.athena.start_query_execution(QueryString=sql, ResultConfiguration=output)[
        "QueryExecutionId"
    ]
    while True:
        status = asked.athena.get_query_execution(QueryExecutionId=name)["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(POLL_SECONDS)
    if status["State"] != "SUCCEEDED":
        raise RuntimeError(f"{sql}: {status.get('StateChangeReason', status['State'])}")
    return name
