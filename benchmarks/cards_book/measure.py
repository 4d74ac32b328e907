# ruff: noqa: S608 (names of this module)
"""The book of one month by several ways on one local AWS, taking turns; and what a month's run reads."""

import os
import re
import shutil
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import urlsplit

import boto3
import trino
from pyathena import connect

import localaws
from benchmarks.cards_book import portfolio, statements
from dictionary.cli import SEED
from dictionary.variables import Variable, read
from samples.cards import Request, make

ROOT = Path(__file__).parents[2]
NAME = "cards_book_bench"
MONTHS, FIRST, LAST = 13, "2023-01-01", "2024-01-01"
MODELS = ("path:models/*/cards", "stg_ops__landings")
REFINED = {path.stem for path in (ROOT / "models" / "refined" / "cards").glob("*.sql")}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one statement, as the engine counts it: seconds, peak bytes of memory, bytes read."""

    elapsed: float
    cpu: float
    memory: int
    read: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A contender at a number of customers, its columns, and its runs."""

    customers: int
    contender: str
    columns: int
    runs: list[Run]

    @property
    def cpu(self) -> float:
        """Median seconds of CPU."""
        return statistics.median(one.cpu for one in self.runs)

    @property
    def elapsed(self) -> float:
        """Median seconds by the clock."""
        return statistics.median(one.elapsed for one in self.runs)

    @property
    def memory(self) -> int:
        """Largest peak of the engine's memory, bytes."""
        return max(one.memory for one in self.runs)

    @property
    def read(self) -> int:
        """Bytes read, which are what Athena bills."""
        return max(one.read for one in self.runs)


@dataclass(frozen=True, slots=True)
class Month:
    """What the run of one month more read after so many months of history, by model and in all."""

    history: int
    read: dict[str, int]

    @property
    def total(self) -> int:
        """Bytes."""
        return sum(self.read.values())

    @property
    def refined(self) -> int:
        """Those of the refined models, the book among them."""
        return sum(read for model, read in self.read.items() if model in REFINED)


@dataclass(frozen=True, slots=True)
class Bench:
    """A local AWS with a bucket of the benchmark's own, and how it is asked."""

    environment: dict[str, str]
    engine: Any
    bucket: str

    def athena(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a statement, through Athena's API."""
        with connect(s3_staging_dir=f"s3://{self.bucket}/athena-results/", poll_interval=0.1) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def make(self, prepared: list[str]) -> None:
        """Run statements, a `create table` among them as Athena wants an Iceberg table to be made."""
        for sql in prepared:
            self.athena(sql.replace("{bucket}", self.bucket))

    def dbt(self, *arguments: str, target: Path) -> None:
        """Run dbt. Raises RuntimeError with what it printed when it fails."""
        command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
        self._run([*command, "--target-path", str(target), "--log-path", str(target)])

    def land(self, folder: Path) -> None:
        """Land the files of a folder. Raises RuntimeError with what was printed when one does not land."""
        self._run([sys.executable, "-m", "ingestion", "cards", "--from", str(folder)])

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def run(self, sql: str) -> Run:
        """One run in the engine; EXPLAIN ANALYZE runs all of it and keeps nothing."""
        cursor = self.engine.cursor()
        cursor.execute(f"explain analyze {sql}")
        cursor.fetchall()
        stats = cursor.stats
        return Run(
            stats["elapsedTimeMillis"] / 1000,
            stats["cpuTimeMillis"] / 1000,
            stats["peakMemoryBytes"],
            stats["physicalInputBytes"],
        )


@contextmanager
def bench() -> Iterator[Bench]:
    """A local AWS for the while of the block, found by every client of this process."""
    with localaws.running(long_lived=True) as aws:
        os.environ.update(aws.environment())
        bucket = NAME.replace("_", "-")
        boto3.client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region}
        )
        address = urlsplit(aws.engine_url)
        engine = trino.dbapi.connect(
            host=address.hostname, port=address.port, user="benchmark", catalog="awsdatacatalog"
        )
        environment = os.environ | {
            "FINLAKE_BUCKET": bucket,
            "FINLAKE_SCHEMA": NAME,
            "DBT_PROFILES_DIR": str(ROOT),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        made = Bench(environment, engine, bucket)
        made.athena(f"create database if not exists `{portfolio.SCHEMA}`")
        yield made


def contest(sizes: list[int], runs: int, tell: Callable[[str], None]) -> list[Measured]:
    """The ways to one month's book, at each number of customers."""
    with bench() as asked, TemporaryDirectory() as work:
        measured = []
        for customers in sizes:
            tell(f"{customers:,} customers: {MONTHS} months of invoices and payments")
            compiled = _prepared(asked, customers, Path(work) / str(customers))
            contenders = _contenders(compiled, read(SEED))
            taken: dict[str, list[Run]] = {name: [] for name in contenders}
            for turn in range(runs + 1):
                for name, sql in contenders.items():
                    tell(f"{customers:,} customers, turn {turn} of {runs}: {name}")
                    run = asked.run(sql)
                    # the first turn warms the engine up
                    if turn:
                        taken[name].append(run)
            measured += [
                Measured(customers, name, _columns(asked, sql), taken[name])
                for name, sql in contenders.items()
            ]
        return measured


def _contenders(compiled: str, variables: list[Variable]) -> dict[str, str]:
    return {
        "finlake: the model": statements.ours(compiled),
        "one conditional aggregation": statements.bare(compiled),
        "a grouping per window, joined": statements.peers(compiled, variables),
    }


def _prepared(asked: Bench, customers: int, work: Path) -> str:
    """The book's statement for the last month, as dbt compiles it, over a portfolio of this size."""
    _emptied(asked)
    asked.make(portfolio.tables(customers, FIRST, MONTHS))
    # the last month alone is to be written: its running state is all that the book joins
    asked.make(portfolio.only_month(LAST))
    asked.dbt("run", "--select", "cards_customer_months", target=work)
    asked.dbt("compile", "--select", "cards_invoice_book", target=work)
    model = work / "compiled" / "finlake" / "models" / "refined" / "cards" / "cards_invoice_book.sql"
    return model.read_text(encoding="utf-8")


def _emptied(asked: Bench) -> None:
    for schema in (portfolio.SCHEMA, f"{NAME}_refined"):
        names = asked.athena(
            f"select table_name from information_schema.tables where table_schema = '{schema}'"
        )
        for (name,) in names:
            asked.athena(f"drop table if exists `{schema}`.`{name}`")


def _columns(asked: Bench, sql: str) -> int:
    cursor = asked.engine.cursor()
    cursor.execute(f"select * from ({sql}) limit 0")
    cursor.fetchall()
    return len(cursor.description)


def months(histories: list[int], customers: int, tell: Callable[[str], None]) -> list[Month]:
    """What the run of one month more reads, of curated and refined, after histories of these lengths.

    They are the last months of one portfolio, so that the same invoices lie in the month's windows.
    """
    with bench() as asked, TemporaryDirectory() as work:
        files = _files(Path(work) / "made", max(histories), customers)
        found = []
        for history in histories:
            tell(f"{history} months of history: {customers:,} customers")
            found.append(_month_more(asked, history, files, Path(work) / str(history), tell))
        return found


def _files(folder: Path, history: int, customers: int) -> list[Path]:
    """The files of a history and of a month more, by month."""
    years, of_year = divmod(history, 12)
    first = f"{int(LAST[:4]) - years - (of_year > 0)}-{(12 - of_year) % 12 + 1:02}"
    files = [one.path for one in make(Request(folder, first, LAST[:7], customers))]
    for file in files:
        _correct_a_row(file)
    return files


def _month_more(
    asked: Bench, history: int, files: list[Path], work: Path, tell: Callable[[str], None]
) -> Month:
    """Files of a history landed and built, then those of a month: what the second build read."""
    here = replace(asked, environment=asked.environment | {"FINLAKE_SCHEMA": f"{NAME}_{history}"})
    here.land(_copied(files[-2 * (history + 1) : -2], work / "past"))
    here.dbt("run", "--select", *MODELS, target=work)
    tell(f"{history} months of history: one month more")
    here.land(_copied(files[-2:], work / "new"))
    before = _queries()
    here.dbt("run", "--select", *MODELS, target=work)
    return Month(history, _scanned(_queries() - before))


def _copied(files: list[Path], folder: Path) -> Path:
    folder.mkdir(parents=True)
    for file in files:
        shutil.copy(file, folder)
    return folder


def _correct_a_row(file: Path) -> None:
    """The file's first row once more at its end, of a larger amount: no month is without a correction."""
    header, row, *_ = (line.split(",") for line in file.read_text(encoding="utf-8").splitlines())
    amount = max(header.index(name) for name in ("valor_fatura", "valor_pagamento") if name in header)
    row[amount] = f"1{row[amount]}"
    with file.open("a", encoding="utf-8") as opened:
        opened.write(",".join(row) + "\n")


def _queries() -> set[str]:
    pages = boto3.client("athena").get_paginator("list_query_executions").paginate()
    return {identifier for page in pages for identifier in page["QueryExecutionIds"]}


def _scanned(identifiers: set[str]) -> dict[str, int]:
    """Bytes read, by the model on whose behalf."""
    athena, ids = boto3.client("athena"), sorted(identifiers)
    scanned: dict[str, int] = {}
    for start in range(0, len(ids), 50):
        for query in athena.batch_get_query_execution(QueryExecutionIds=ids[start : start + 50])[
            "QueryExecutions"
        ]:
            named = re.search(r"model\.finlake\.(\w+)", query["Query"])
            model = named[1] if named else "other"
            read = query["Statistics"].get("DataScannedInBytes", 0)
            scanned[model] = scanned.get(model, 0) + read
    return scanned
