"""Sixteen clients at once: every commit is there or a clean error, and no reader sees half of one.

Short here; `make soak` gives it two minutes.
"""

import itertools
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import boto3
import psutil
import pytest
from botocore.config import Config

from tests.python.localaws.processes import until

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = pytest.mark.integration

SECONDS = float(os.environ.get("FINLAKE_SOAK_SECONDS", "0"))
CLIENTS = 16
# As many statements at least, on however busy a machine.
ENOUGH = 4 * CLIENTS
COUNTERS = 4
MANY = 4
# Every batch is one commit of so many rows.
ROWS = 5
LOST_RACE = "ICEBERG_COMMIT_ERROR: "
ENGINE_GONE = "GENERIC_INTERNAL_ERROR: The engine went away"

Batch = tuple[int, int]


class Load:
    """What the clients have been told, and what they saw that must not be."""

    shared, counters = "shared", "counters"
    many = tuple(f"one_of_many_{number}" for number in range(MANY))

    def __init__(self, athena: "Athena") -> None:
        self.athena = athena
        self.confirmed: defaultdict[str, set[Batch]] = defaultdict(set)
        self.unknown: defaultdict[str, set[Batch]] = defaultdict(set)
        self.merged: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()
        self.wrong: list[object] = []
        self.finished = 0
        self._batches = itertools.count()
        self._lock = threading.Lock()
        self._stop = threading.Event()
        for table in (self.shared, *self.many):
            self._create(table, "client int, batch int, part int")
        self._create(self.counters, "k int, n bigint")

    def _create(self, table: str, columns: str) -> None:
        place = self.athena.place(table)
        self.athena.do(
            f"create table {table} ({columns}) location '{place}' tblproperties ('table_type'='ICEBERG')"
        )

    @contextmanager
    def running(self) -> Iterator[None]:
        """The clients at work while the block runs; what they are at when it ends, they finish."""
        self._stop.clear()
        clients = [threading.Thread(target=self._guarded, args=(client,)) for client in range(CLIENTS)]
        for client in clients:
            client.start()
        try:
            yield
        finally:
            self._stop.set()
            for client in clients:
                client.join()

    def _guarded(self, client: int) -> None:
        try:
            self._work(client)
        except Exception as error:
            self.wrong.append((client, error))

    def _work(self, client: int) -> None:
        with self._lock:
            # boto3's default session is not made for several threads at once.
            own = boto3.client("athena", config=Config(retries={"total_max_attempts": 1}))
        athena = replace(self.athena, client=own)
        kinds = (self._append, self._merge, self._read, self._append_to_many)
        while not self._stop.is_set():
            batch = next(self._batches)
            kinds[(client + batch) % len(kinds)](athena, client, batch)
            with self._lock:
                self.finished += 1

    def _append(self, athena: "Athena", client: int, batch: int) -> None:
        self._insert(athena, self.shared, client, batch)

    def _append_to_many(self, athena: "Athena", client: int, batch: int) -> None:
        self._insert(athena, self.many[batch // MANY % MANY], client, batch)

    def _insert(self, athena: "Athena", table: str, client: int, batch: int) -> None:
        rows = f"select {client}, {batch}, part from unnest(sequence(1, {ROWS})) as parts (part)"
        reason = self._run(athena, f"insert into {table} {rows}")
        if reason is None:
            self.confirmed[table].add((client, batch))
        elif not reason.startswith(LOST_RACE):
            self.unknown[table].add((client, batch))

    def _merge(self, athena: "Athena", client: int, _batch: int) -> None:
        key = client % COUNTERS
        reason = self._run(
            athena,
            f"merge into {self.counters} t using (values {key}) s (k) on t.k = s.k "
            "when matched then update set n = t.n + 1 when not matched then insert (k, n) values (s.k, 1)",
        )
        if reason is None:
            with self._lock:
                self.merged[key] += 1

    def _read(self, athena: "Athena", _client: int, _batch: int) -> None:
        before = set(self.confirmed[self.shared])
        query = ended(athena, whole_batches(self.shared))
        if query.state != "SUCCEEDED":
            self._refused(query.reason)
            return
        pages = athena.client.get_paginator("get_query_results").paginate(QueryExecutionId=query.id)
        rows = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]][1:]
        found = {tuple(int(cell["VarCharValue"]) for cell in row) for row in rows}
        half = {each for each in found if each[2] != ROWS}
        missing = before - {(client, batch) for client, batch, _ in found}
        if half or missing:
            self.wrong.append({"half": half, "missing": missing})

    def _run(self, athena: "Athena", sql: str) -> str | None:
        """The reason why it did not succeed."""
        query = ended(athena, sql)
        if query.state == "SUCCEEDED":
            return None
        self._refused(query.reason)
        return query.reason

    def _refused(self, reason: str) -> None:
        with self._lock:
            self.refused[reason[:80]] += 1

    def assert_kept(self) -> None:
        """Every confirmed commit is there, and nothing besides but what nobody was told the end of."""
        for table in (self.shared, *self.many):
            rows = self.athena.rows(whole_batches(table))
            assert {row[2] for row in rows} <= {str(ROWS)}
            there = {(int(str(client)), int(str(batch))) for client, batch, _ in rows}
            assert self.confirmed[table] <= there
            assert there - self.confirmed[table] <= self.unknown[table]

    def counted(self) -> dict[int, int]:
        """What the merges have made of the counters."""
        rows = self.athena.rows(f"select k, n from {self.counters}")
        return {int(str(k)): int(str(n)) for k, n in rows}


class Ended(NamedTuple):
    """A query that has come to its end."""

    id: str
    state: str
    reason: str


def ended(athena: "Athena", sql: str) -> Ended:
    """A statement to its end, without asking so often that sixteen clients do nothing else."""
    name, status = athena.start(sql), {"State": "QUEUED"}
    while status["State"] in ("QUEUED", "RUNNING"):
        time.sleep(0.25)
        found = athena.client.get_query_execution(QueryExecutionId=name)["QueryExecution"]
        status = found["Status"]
    return Ended(name, status["State"], status.get("StateChangeReason", ""))


def whole_batches(table: str) -> str:
    return f"select client, batch, count(*) from {table} group by 1, 2"


def engine() -> psutil.Process:
    """This process's Trino."""
    children = psutil.Process().children(recursive=True)
    (java,) = [process for process in children if process.name().startswith("java")]
    return java


@pytest.fixture(scope="module")
def load(athena: "Athena") -> Load:
    return Load(athena)


def test_what_sixteen_clients_were_told_is_true(load: Load) -> None:
    with load.running():
        time.sleep(SECONDS)
        assert until(lambda: load.finished >= ENOUGH, seconds=240)

    assert load.wrong == []
    assert all(reason.startswith(LOST_RACE) for reason in load.refused), load.refused
    load.assert_kept()
    # No update is lost: they are as many as were confirmed.
    assert load.counted() == dict(load.merged)


def test_the_engine_killed_under_load_comes_back_by_itself(load: Load) -> None:
    before = load.finished

    with load.running():
        assert until(lambda: load.finished > before + CLIENTS, seconds=240)
        engine().kill()
        killed = load.finished
        # More than were at it then: some began when it was up again.
        assert until(lambda: load.finished > killed + 2 * CLIENTS, seconds=240)

    assert load.wrong == []
    assert any(reason.startswith(ENGINE_GONE) for reason in load.refused), load.refused
    assert all(reason.startswith((LOST_RACE, ENGINE_GONE)) for reason in load.refused), load.refused
    load.assert_kept()
    # A merge that was cut may have been committed all the same.
    assert all(load.counted()[key] >= count for key, count in load.merged.items())
