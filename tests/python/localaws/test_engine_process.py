"""Trino while the server lives: it is started again when it dies, and takes part in everything at once."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest

import localaws
from localaws.storage.front import S3Front
from tests.python.localaws.processes import until

pytestmark = pytest.mark.integration

WRITERS = 8
NUMBERS = "unnest(sequence(1, 10000))"
SLOW = f"select count(*) from {NUMBERS} a (x) cross join {NUMBERS} b (y) where x * y % 7 = 3"


@pytest.fixture(scope="module")
def local_aws(own_aws: localaws.LocalAws) -> localaws.LocalAws:
    """In this process: tests kill its engine and reach into it."""
    return own_aws


@pytest.fixture
def athena(local_aws: localaws.LocalAws) -> Any:
    make: Any = boto3.client
    return make("athena", endpoint_url=local_aws.endpoint_url)


@pytest.fixture
def database(local_aws: localaws.LocalAws, athena: Any) -> Iterator[str]:
    run(athena, local_aws, f"create schema engine location 's3://{local_aws.bucket}/engine/'")
    yield "engine"
    run(athena, local_aws, "drop schema engine cascade")


def start(athena: Any, aws: localaws.LocalAws, sql: str) -> str:
    output = {"OutputLocation": f"s3://{aws.bucket}/athena-results/"}
    return str(athena.start_query_execution(QueryString=sql, ResultConfiguration=output)["QueryExecutionId"])


def ended(athena: Any, query: str) -> dict[str, Any]:
    while True:
        status: dict[str, Any] = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"][
            "Status"
        ]
        if status["State"] not in ("QUEUED", "RUNNING"):
            return status
        time.sleep(0.05)


def run(athena: Any, aws: localaws.LocalAws, sql: str) -> dict[str, Any]:
    return ended(athena, start(athena, aws, sql))


def value(athena: Any, aws: localaws.LocalAws, sql: str) -> str:
    query = start(athena, aws, sql)
    assert ended(athena, query)["State"] == "SUCCEEDED"
    rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    return str(rows[1]["Data"][0]["VarCharValue"])


def trino() -> psutil.Process:
    children = psutil.Process().children(recursive=True)
    return next(child for child in children if child.name() == "java")


def test_when_trino_dies_its_queries_fail_and_the_next_one_works(
    local_aws: localaws.LocalAws, athena: Any
) -> None:
    before = trino()
    running = start(athena, local_aws, SLOW)
    while (
        athena.get_query_execution(QueryExecutionId=running)["QueryExecution"]["Status"]["State"] == "QUEUED"
    ):
        time.sleep(0.05)

    before.kill()

    assert ended(athena, running)["State"] == "FAILED"
    assert value(athena, local_aws, "select 42") == "42"
    assert trino().pid != before.pid


def test_eight_writers_at_once_lose_no_row(local_aws: localaws.LocalAws, athena: Any, database: str) -> None:
    """Iceberg's commits are updates of a Glue table: one that has read another version has to lose."""
    properties = f"table_type = 'ICEBERG', is_external = false, location = 's3://{local_aws.bucket}/engine/t'"
    created = run(athena, local_aws, f"create table {database}.t with ({properties}) as select 0 as writer")
    assert created["State"] == "SUCCEEDED", created

    with ThreadPoolExecutor(WRITERS) as pool:
        statements = [f"insert into {database}.t values {writer}" for writer in range(1, WRITERS + 1)]
        outcomes = list(pool.map(lambda sql: run(athena, local_aws, sql), statements))

    states = Counter(outcome["State"] for outcome in outcomes)
    rows = int(value(athena, local_aws, f"select count(*) from {database}.t where writer > 0"))
    assert rows == states["SUCCEEDED"] > 0
    assert states["SUCCEEDED"] + states["FAILED"] == WRITERS
    reasons = [outcome["StateChangeReason"] for outcome in outcomes if outcome["State"] == "FAILED"]
    assert all(reason.startswith("ICEBERG_COMMIT_ERROR") for reason in reasons), reasons


def test_what_trino_unpacks_ends_with_the_server(
    local_aws: localaws.LocalAws, athena: Any, database: str
) -> None:
    written = "with (format = 'PARQUET', write_compression = 'SNAPPY') as select 'PETR4' as ticker"
    assert run(athena, local_aws, f"create table {database}.packed {written}")["State"] == "SUCCEEDED"
    assert value(athena, local_aws, f"select ticker from {database}.packed") == "PETR4"
    process = trino()
    (own,) = [Path(option.partition("=")[2]) for option in process.cmdline() if "java.io.tmpdir" in option]
    unpacked = [Path(one.path) for one in process.memory_maps() if Path(one.path).parent == own]
    assert unpacked
    assert own.parent.name == "content"
    assert own.parent.parent.name.startswith("finlake-localaws-")


def test_a_query_that_is_stopped_while_it_brings_a_file_fails_no_other_that_reads_it(
    athena: Any, local_aws: localaws.LocalAws, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = f"s3://{local_aws.bucket}/engine/read_by_two/"
    properties = f"table_type = 'ICEBERG', is_external = false, location = '{place}'"
    made = run(athena, local_aws, f"create table {database}.read_by_two with ({properties}) as select 1 as x")
    assert made["State"] == "SUCCEEDED"
    asked: list[str] = []
    go_on = threading.Event()
    real = S3Front._get

    def held(front: S3Front, environ: Any, start_response: Any, path: str) -> Any:
        if "/read_by_two/data/" in environ["PATH_INFO"]:
            asked.append(environ["PATH_INFO"])
            go_on.wait(30)
        return real(front, environ, start_response, path)

    monkeypatch.setattr(S3Front, "_get", held)
    first, second = (start(athena, local_aws, f"select x from {database}.read_by_two") for _ in range(2))
    assert until(lambda: len(asked) == 2)

    athena.stop_query_execution(QueryExecutionId=first)
    assert ended(athena, first)["State"] == "CANCELLED"
    go_on.set()

    assert ended(athena, second)["State"] == "SUCCEEDED"
