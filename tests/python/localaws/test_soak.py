"""Sixteen clients at once: every commit is there or a clean error, and no reader sees half of one.

Also when the engine is killed, and when everything is: with a data folder. Short here, two minutes of it
with `make soak`.
"""

import itertools
import json
import os
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from tests.python.localaws.processes import started, until

pytestmark = pytest.mark.integration

SECONDS = float(os.environ.get("FINLAKE_SOAK_SECONDS", "0"))
CLIENTS = 16
# As many statements at least, on however busy a machine.
ENOUGH = 3 * CLIENTS
COUNTERS = 4
MANY = 4
# Every batch is one commit of so many rows.
ROWS = 5
LOST_RACE = "ICEBERG_COMMIT_ERROR: "
ENGINE_GONE = "GENERIC_INTERNAL_ERROR: The engine went away"
DATABASE = "soak"

# A server of its own, to be killed; a short heap, since others are up beside it.
SERVER = """
import json, sys
from pathlib import Path
import localaws
with localaws.running(data_dir=Path(sys.argv[1])) as aws:
    print(json.dumps(aws.environment()), flush=True)
    sys.stdin.read()
"""
HEAP = "1500M"

Batch = tuple[int, int]


class Ended(NamedTuple):
    """A query that has come to its end."""

    id: str
    state: str
    reason: str


class Server:
    """A local AWS in a process of its own, with a data folder."""

    def __init__(self, folder: Path) -> None:
        self.killed = False
        environment = {**os.environ, "FINLAKE_TRINO_HEAP": HEAP}
        self.process, told = started("-c", SERVER, str(folder), env=environment)
        self.environment: dict[str, str] = json.loads(told)

    def client(self, service: str) -> Any:
        """boto3's client; the caller sees to it that one at a time is made."""
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.environment["AWS_ENDPOINT_URL"],
            region_name=self.environment["AWS_DEFAULT_REGION"],
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106
            config=Config(retries={"total_max_attempts": 1}),
        )

    def engine(self) -> psutil.Process:
        """Its Trino."""
        children = psutil.Process(self.process.pid).children(recursive=True)
        (java,) = [process for process in children if process.name().startswith("java")]
        return java

    def kill(self) -> None:
        self.killed = True
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        self.process.communicate(timeout=60)


class Lake:
    """Athena as one client has it."""

    def __init__(self, server: Server) -> None:
        self.athena = server.client("athena")
        self.root = f"s3://{server.environment['FINLAKE_BUCKET']}"

    def run(self, sql: str) -> Ended:
        """A statement to its end, without asking so often that sixteen clients do nothing else."""
        name = self.athena.start_query_execution(
            QueryString=sql,
            QueryExecutionContext={"Database": DATABASE},
            ResultConfiguration={"OutputLocation": f"{self.root}/athena-results/"},
        )["QueryExecutionId"]
        status = {"State": "QUEUED"}
        while status["State"] in ("QUEUED", "RUNNING"):
            time.sleep(0.25)
            found = self.athena.get_query_execution(QueryExecutionId=name)["QueryExecution"]
            status = found["Status"]
        return Ended(name, status["State"], status.get("StateChangeReason", ""))

    def do(self, sql: str) -> str:
        """A statement that succeeds; its id."""
        done = self.run(sql)
        assert done.state == "SUCCEEDED", done.reason
        return done.id

    def numbers(self, sql: str) -> list[tuple[int, ...]]:
        """The rows of a query of numbers."""
        return self.rows_of(self.do(sql))

    def rows_of(self, query: str) -> list[tuple[int, ...]]:
        """The rows of a query that has succeeded."""
        pages = self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=query)
        rows = [row["Data"] for page in pages for row in page["ResultSet"]["Rows"]]
        return [tuple(int(cell["VarCharValue"]) for cell in row) for row in rows[1:]]


class Load:
    """What the clients have been told, and what they saw that must not be."""

    shared, counters = "shared", "counters"
    many = tuple(f"one_of_many_{number}" for number in range(MANY))

    def __init__(self, server: Server) -> None:
        self.server = server
        self.confirmed: defaultdict[str, set[Batch]] = defaultdict(set)
        self.unknown: defaultdict[str, set[Batch]] = defaultdict(set)
        self.merged: Counter[int] = Counter()
        self.refused: Counter[str] = Counter()
        self.wrong: list[object] = []
        self.finished = 0
        self._batches = itertools.count()
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def make_tables(self) -> None:
        """The tables that the clients work on."""
        self.server.client("glue").create_database(DatabaseInput={"Name": DATABASE})
        lake = Lake(self.server)
        columns = dict.fromkeys((self.shared, *self.many), "client int, batch int, part int")
        for table, described in {**columns, self.counters: "k int, n bigint"}.items():
            lake.do(
                f"create table {table} ({described}) location '{lake.root}/lake/{table}' "
                "tblproperties ('table_type'='ICEBERG')"
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
        except BotoCoreError as error:
            # Its server was killed: nothing to be said of what was under way.
            if not self.server.killed:
                self.wrong.append((client, error))
        except Exception as error:
            self.wrong.append((client, error))

    def _work(self, client: int) -> None:
        with self._lock:
            # boto3's default session is not made for several threads at once.
            lake = Lake(self.server)
        kinds = (self._append, self._merge, self._read, self._append_to_many)
        while not self._stop.is_set():
            batch = next(self._batches)
            kinds[(client + batch) % len(kinds)](lake, client, batch)
            with self._lock:
                self.finished += 1

    def _append(self, lake: Lake, client: int, batch: int) -> None:
        self._insert(lake, self.shared, client, batch)

    def _append_to_many(self, lake: Lake, client: int, batch: int) -> None:
        self._insert(lake, self.many[batch // MANY % MANY], client, batch)

    def _insert(self, lake: Lake, table: str, client: int, batch: int) -> None:
        rows = f"select {client}, {batch}, part from unnest(sequence(1, {ROWS})) as parts (part)"
        self.unknown[table].add((client, batch))
        done = self._run(lake, f"insert into {table} {rows}")
        if done.state == "SUCCEEDED":
            self.confirmed[table].add((client, batch))
        if done.state == "SUCCEEDED" or done.reason.startswith(LOST_RACE):
            self.unknown[table].discard((client, batch))

    def _merge(self, lake: Lake, client: int, _batch: int) -> None:
        key = client % COUNTERS
        done = self._run(
            lake,
            f"merge into {self.counters} t using (values {key}) s (k) on t.k = s.k "
            "when matched then update set n = t.n + 1 when not matched then insert (k, n) values (s.k, 1)",
        )
        if done.state == "SUCCEEDED":
            with self._lock:
                self.merged[key] += 1

    def _read(self, lake: Lake, _client: int, _batch: int) -> None:
        before = set(self.confirmed[self.shared])
        done = self._run(lake, whole_batches(self.shared))
        if done.state != "SUCCEEDED":
            return
        found = lake.rows_of(done.id)
        half = [row for row in found if row[2] != ROWS]
        missing = before - {(client, batch) for client, batch, _ in found}
        if half or missing:
            self.wrong.append({"half": half, "missing": missing})

    def _run(self, lake: Lake, sql: str) -> Ended:
        done = lake.run(sql)
        if done.state != "SUCCEEDED":
            with self._lock:
                self.refused[done.reason[:80]] += 1
        return done

    def assert_kept(self) -> None:
        """Every confirmed commit is there, and nothing besides but what nobody was told the end of."""
        lake = Lake(self.server)
        for table in (self.shared, *self.many):
            rows = lake.numbers(whole_batches(table))
            assert {row[2] for row in rows} <= {ROWS}
            there = {(client, batch) for client, batch, _ in rows}
            assert self.confirmed[table] <= there
            assert there - self.confirmed[table] <= self.unknown[table]

    def counted(self) -> dict[int, int]:
        """What the merges have made of the counters."""
        rows = Lake(self.server).numbers(f"select k, n from {self.counters}")
        return {row[0]: row[1] for row in rows}


def whole_batches(table: str) -> str:
    return f"select client, batch, count(*) from {table} group by 1, 2"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("soak") / "data"


@pytest.fixture(scope="module")
def load(folder: Path) -> Iterator[Load]:
    load = Load(Server(folder))
    try:
        load.make_tables()
        yield load
    finally:
        load.server.stop()


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
        assert until(lambda: load.finished > before + CLIENTS // 2, seconds=240)
        load.server.engine().kill()
        killed = load.finished
        # More than were at it then: some began when it was up again.
        assert until(lambda: load.finished > killed + 2 * CLIENTS, seconds=240)

    assert load.wrong == []
    assert any(reason.startswith(ENGINE_GONE) for reason in load.refused), load.refused
    assert all(reason.startswith((LOST_RACE, ENGINE_GONE)) for reason in load.refused), load.refused
    load.assert_kept()
    # A merge that was cut may have been committed all the same.
    assert all(load.counted()[key] >= count for key, count in load.merged.items())


def test_after_a_kill_of_everything_under_load_every_table_reads(load: Load, folder: Path) -> None:
    before = load.finished
    lake = Lake(load.server)
    lake.do("prepare kept from select n from counters where k = ?")

    with load.running():
        assert until(lambda: load.finished > before + CLIENTS // 2, seconds=240)
        load.server.kill()
    load.server = Server(folder)

    assert load.wrong == []
    load.assert_kept()
    assert all(load.counted()[key] >= count for key, count in load.merged.items())
    (counter, count), *_ = load.counted().items()
    lake = Lake(load.server)
    assert lake.numbers(f"execute kept using {counter}") == [(count,)]
    lake.do(f"insert into {load.shared} values (99, 0, 1)")
