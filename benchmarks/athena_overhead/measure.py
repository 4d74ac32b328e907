"""Statements by all their ways, in turns, on one local AWS in a process of its own."""

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from benchmarks.athena_overhead import ways
from benchmarks.athena_overhead.ways import Clients, Taken, Way

SERVER = """
import json, sys
import localaws
with localaws.running(small=False) as aws:
    print(json.dumps([aws.environment(), aws.engine_url]), flush=True)
    sys.stdin.read()
"""
# The engine compiles itself for some time: what it takes until then is nobody's overhead.
WARM_UP = 5


@dataclass(frozen=True, slots=True)
class Measured:
    """One way of one statement: its runs, in the order they were taken."""

    statement: str
    way: str
    taken: list[Taken]

    @property
    def median(self) -> float:
        """Seconds of the whole."""
        return statistics.median(each.whole for each in self.taken)

    @property
    def median_read(self) -> float:
        """Seconds of reading alone; of Trino's client, which reads while it runs, the whole."""
        return statistics.median(each.read or each.whole for each in self.taken)


SMALL_WAYS: dict[str, Way] = {
    "Trino's client": ways.directly,
    "Athena's API until it is done": ways.athena_alone,
}
LARGE_WAYS: dict[str, Way] = {
    "Trino's client": ways.directly,
    "GetQueryResults, plain HTTP": ways.athena_pages,
    "GetQueryResults, boto3": ways.athena_pages_boto3,
    "the CSV": ways.athena_csv,
}


# A statement of nothing, a read, a write.
SMALL = ("select 1 as a", "select count(*) as a from athena_overhead", "insert into athena_overhead select 1")
TABLE = (
    "create table if not exists athena_overhead (a int) location 's3://{bucket}/lake/athena_overhead/' "
    "tblproperties ('table_type'='ICEBERG')"
)
# Five columns, a thousand rows for each of `thousands`.
LARGE = (
    "select n, 'name ' || cast(n as varchar) as name, cast(n as decimal(18, 2)) / 7 as amount, "
    "date '2024-01-01' as day, n * 1.5e0 as x "
    "from unnest(sequence(1, {thousands})) as many (m) cross join unnest(sequence(1, 1000)) as t (n)"
)


@contextmanager
def local_aws() -> Iterator[Clients]:
    """The clients of a local AWS that is up while the block runs."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        line = process.stdout.readline() if process.stdout is not None else ""
        if not line:
            raise RuntimeError("The local AWS did not come up; it said why above.")
        yield ways.clients(*json.loads(line))
        process.communicate(timeout=60)


def measure(asked: Clients, runs: int, large_runs: int, rows: int) -> list[Measured]:
    """All statements by all their ways."""
    for sql in ("create schema if not exists default", TABLE.format(bucket=asked.bucket)):
        ways.athena_alone(asked, sql)
    small = [each for sql in SMALL for each in _in_turns(asked, sql, SMALL_WAYS, runs)]
    return small + _in_turns(asked, LARGE.format(thousands=rows // 1000), LARGE_WAYS, large_runs)


def _in_turns(asked: Clients, sql: str, by: dict[str, Way], runs: int) -> list[Measured]:
    measured = [Measured(sql, name, []) for name in by]
    for run in range(-min(WARM_UP, runs), runs):
        for one in measured:
            taken = by[one.way](asked, sql)
            if run >= 0:
                one.taken.append(taken)
    return measured
