"""More queries than run at once: the others wait, in their order, and can be stopped while they do."""

import threading
import time
from typing import cast

import pytest

from localaws.athena.errors import ApiError, QueryCancelled
from localaws.athena.executor import Executor
from localaws.athena.queries import Queries
from localaws.athena.query import Query
from localaws.athena.saved import PreparedStatements
from localaws.athena.service import AT_ONCE
from localaws.athena.workgroups import WorkGroups
from tests.python.localaws.processes import until


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
    asked = {"QueryString": "select 1", "ResultConfiguration": {"OutputLocation": "s3://results/"}}

    def states(*chosen: str) -> list[str]:
        found = [queries.get({"QueryExecutionId": one})["QueryExecution"] for one in chosen]
        return [one["Status"]["State"] for one in found]

    ids = [queries.start(asked)["QueryExecutionId"] for _ in range(AT_ONCE + 3)]
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
