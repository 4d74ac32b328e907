"""More queries than run at once: the others wait, in their order, and can be stopped while they do."""

import threading
import time
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any, cast
from unittest.mock import Mock

import pytest

from localaws.athena.errors import ApiError, QueryCancelled, QueryFailed
from localaws.athena.executor import Executor
from localaws.athena.queries import Queries
from localaws.athena.query import Query, Request
from localaws.athena.saved import PreparedStatements
from localaws.athena.service import AT_ONCE
from localaws.athena.trino_client import TrinoClient
from localaws.athena.workgroups import WorkGroups
from localaws.errors import LocalAwsError
from localaws.statements import parse
from tests.python.localaws.processes import until

ASKED = {"QueryString": "select 1", "ResultConfiguration": {"OutputLocation": "s3://results/"}}


class Held:
    """An executor that holds each query until it is let go."""

    def __init__(self) -> None:
        self.held: dict[str, threading.Event] = {}
        self.everything = threading.Event()

    def require_bucket(self, location: str) -> None:
        del location

    def execute(self, query: Query) -> None:
        let_go = self.held.setdefault(query.id, threading.Event())
        while not (let_go.is_set() or self.everything.is_set()):
            if query.cancel.is_set():
                raise QueryCancelled
            time.sleep(0.005)

    def stop(self, query: Query) -> None:
        del query


def test_past_the_limit_queries_wait_for_their_turn() -> None:
    held = Held()
    queries = Queries(cast(Executor, held), WorkGroups(), PreparedStatements(), at_once=AT_ONCE)

    def states(*chosen: str) -> list[str]:
        found = [queries.get({"QueryExecutionId": one})["QueryExecution"] for one in chosen]
        return [one["Status"]["State"] for one in found]

    ids = [queries.start(ASKED)["QueryExecutionId"] for _ in range(AT_ONCE + 3)]
    running, (stopped, following, last) = ids[:AT_ONCE], ids[AT_ONCE:]
    assert until(lambda: states(*running) == ["RUNNING"] * AT_ONCE)
    assert states(stopped, following, last) == ["QUEUED"] * 3
    with pytest.raises(ApiError, match="Current state: QUEUED"):
        queries.results({"QueryExecutionId": following})
    time.sleep(0.02)
    waiting = queries.get({"QueryExecutionId": following})["QueryExecution"]["Statistics"]
    assert waiting["QueryQueueTimeInMillis"] >= 20
    assert waiting["EngineExecutionTimeInMillis"] == 0

    queries.stop({"QueryExecutionId": stopped})
    assert states(stopped) == ["CANCELLED"]
    held.held[running[0]].set()
    assert until(lambda: states(running[0], following) == ["SUCCEEDED", "RUNNING"])
    assert states(last) == ["QUEUED"]
    # Who is stopped while running makes place as well.
    queries.stop({"QueryExecutionId": running[1]})
    assert until(lambda: states(running[1], last) == ["CANCELLED", "RUNNING"])

    held.everything.set()
    assert until(lambda: states(*running[2:], following, last) == ["SUCCEEDED"] * AT_ONCE)
    assert stopped not in held.held


class Engine:
    """An engine that is starting again, until it is given up."""

    def __init__(self) -> None:
        self.given_up = threading.Event()

    def wait_ready(self, seconds: float) -> bool:
        if self.given_up.wait(seconds):
            raise LocalAwsError("It ended.", "it ended with status 1", "Look.")
        return False


def test_what_waits_for_an_engine_that_starts_again_can_be_stopped_and_ends_when_it_is_given_up() -> None:
    engine = Engine()
    queries = Queries(
        cast(Executor, Held()),
        WorkGroups(),
        PreparedStatements(),
        at_once=AT_ONCE,
        engine_ready=engine.wait_ready,
    )

    def status(query: str) -> tuple[str, str | None]:
        said = queries.get({"QueryExecutionId": query})["QueryExecution"]["Status"]
        return said["State"], said.get("StateChangeReason")

    stopped, failed = (queries.start(ASKED)["QueryExecutionId"] for _ in range(2))
    assert until(lambda: status(stopped)[0] == status(failed)[0] == "RUNNING")
    queries.stop({"QueryExecutionId": stopped})
    assert until(lambda: status(stopped)[0] == "CANCELLED", 5)

    engine.given_up.set()
    assert until(lambda: status(failed)[0] == "FAILED", 5)
    assert "it ended with status 1" in str(status(failed)[1])
    later = queries.start(ASKED)["QueryExecutionId"]
    assert until(lambda: status(later)[0] == "FAILED", 5)


class Stopping:
    """A Trino whose query is stopped when so many statements have been sent."""

    def __init__(self, query: Query, after: int) -> None:
        self.query, self.after = query, after

    def pages(self, *_: object) -> Iterator[list[Any]]:
        self.after -= 1
        if self.after < 0:
            raise QueryFailed("DIVISION_BY_ZERO", "Division by zero")
        if self.after == 0:
            self.query.cancel.set()
        yield []


@pytest.mark.parametrize(
    ("after", "ended"), [(0, QueryFailed), (1, QueryCancelled), (2, QueryCancelled), (3, None)]
)
def test_an_unload_leaves_no_table_however_it_ends(after: int, ended: type[Exception] | None) -> None:
    text = "unload (select 1 as x) to 's3://lake/out/' with (format = 'PARQUET')"
    request = Request(text, parse(text), "primary", "AwsDataCatalog", "db", "s3://results/")
    query, glue, s3 = Query("a1-b2", request), Mock(), Mock()
    glue.delete_table.return_value = {}
    s3.get_paginator.return_value.paginate.return_value = []
    executor = Executor(cast(TrinoClient, Stopping(query, after)), s3, glue, Mock())
    with pytest.raises(ended) if ended else nullcontext():
        executor.execute(query)
    glue.delete_table.assert_called_once_with(DatabaseName="db", Name="unload_a1_b2")
