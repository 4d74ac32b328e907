# ruff: noqa: S608 (names of this module)
"""The book of one month by several ways on one local AWS, taking turns; and what a month's run reads."""

import shutil
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from trino.exceptions import TrinoQueryError

from benchmarks.cards_book import portfolio, statements
from benchmarks.lake import ROOT, Lake, executions, lake, queries, scanned
from dictionary.cli import SEED
from dictionary.variables import Variable, read
from samples.cards import Request, make

NAME = "cards_book_bench"
MONTHS, FIRST, LAST = 13, "2023-01-01", "2024-01-01"
MODELS = ("path:models/*/cards", "stg_ops__landings")
OUT_OF_MEMORY = "EXCEEDED_LOCAL_MEMORY_LIMIT"
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
    """A contender at a number of customers, its columns, and its runs: none where it needs more memory
    than the engine has."""

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


def _run(asked: Lake, sql: str) -> Run | None:
    """One run in the engine, or nothing where that has too little memory for it.

    EXPLAIN ANALYZE runs all of the statement and keeps nothing.
    """
    cursor = asked.engine.cursor()
    try:
        cursor.execute(f"explain analyze {sql}")
        cursor.fetchall()
    except TrinoQueryError as error:
        if error.error_name != OUT_OF_MEMORY:
            raise
        return None
    stats = cursor.stats
    return Run(
        stats["elapsedTimeMillis"] / 1000,
        stats["cpuTimeMillis"] / 1000,
        stats["peakMemoryBytes"],
        stats["physicalInputBytes"],
    )


def _make(asked: Lake, prepared: list[str]) -> None:
    """Run statements, a `create table` among them as Athena wants an Iceberg table to be made."""
    for sql in prepared:
        asked.athena(sql.replace("{bucket}", asked.bucket))


def contest(sizes: list[int], runs: int, tell: Callable[[str], None]) -> list[Measured]:
    """The ways to one month's book, at each number of customers."""
    with lake(NAME) as asked, TemporaryDirectory() as work:
        asked.athena(f"create database if not exists `{portfolio.SCHEMA}`")
        measured = []
        for customers in sizes:
            tell(f"{customers:,} customers: {MONTHS} months of invoices and payments")
            compiled = _prepared(asked, customers, Path(work) / str(customers))
            contenders = _contenders(compiled, read(SEED))
            taken: dict[str, list[Run]] = {name: [] for name in contenders}
            able = dict(contenders)
            for turn in range(runs + 1):
                for name, sql in list(able.items()):
                    tell(f"{customers:,} customers, turn {turn} of {runs}: {name}")
                    run = _run(asked, sql)
                    if run is None:
                        del able[name]
                    # the first turn warms the engine up
                    elif turn:
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


def _prepared(asked: Lake, customers: int, work: Path) -> str:
    """The book's statement for the last month, as dbt compiles it, over a portfolio of this size."""
    _emptied(asked)
    _make(asked, portfolio.tables(customers, FIRST, MONTHS))
    # the last month alone is to be written: its running state is all that the book joins
    _make(asked, portfolio.only_month(LAST))
    asked.dbt("run", "--select", "cards_customer_months", target=work)
    asked.dbt("compile", "--select", "cards_invoice_book", target=work)
    model = work / "compiled" / "finlake" / "models" / "refined" / "cards" / "cards_invoice_book.sql"
    return model.read_text(encoding="utf-8")


def _emptied(asked: Lake) -> None:
    for schema in (portfolio.SCHEMA, f"{NAME}_refined"):
        names = asked.athena(
            f"select table_name from information_schema.tables where table_schema = '{schema}'"
        )
        for (name,) in names:
            asked.athena(f"drop table if exists `{schema}`.`{name}`")


def _columns(asked: Lake, sql: str) -> int:
    cursor = asked.engine.cursor()
    cursor.execute(f"select * from ({sql}) limit 0")
    cursor.fetchall()
    return len(cursor.description)


def months(histories: list[int], customers: int, steady: bool, tell: Callable[[str], None]) -> list[Month]:
    """What the run of one month more reads, of curated and refined, after histories of these lengths.

    They are the last months of one portfolio, so that the same invoices lie in the month's windows; of a
    `steady` one with the same holders before.
    """
    with lake(NAME) as asked, TemporaryDirectory() as work:
        files = _files(Path(work) / "made", max(histories), customers, steady)
        found = []
        for history in histories:
            tell(f"{history} months of history: {customers:,} customers")
            found.append(_month_more(asked, history, files, Path(work) / str(history), tell))
        return found


def _files(folder: Path, history: int, customers: int, steady: bool) -> list[Path]:
    """The files of a history and of a month more, by month."""
    years, of_year = divmod(history, 12)
    first = f"{int(LAST[:4]) - years - (of_year > 0)}-{(12 - of_year) % 12 + 1:02}"
    files = [one.path for one in make(Request(folder, first, LAST[:7], customers, steady=steady))]
    for file in files:
        _correct_a_row(file)
    return files


def _month_more(
    asked: Lake, history: int, files: list[Path], work: Path, tell: Callable[[str], None]
) -> Month:
    """What the build of a month more reads after a history, whose last month was built by itself too."""
    here = asked.named(f"{NAME}_{history}")
    loads = {"past": files[-2 * (history + 1) : -4], "last": files[-4:-2], "new": files[-2:]}
    before: set[str] = set()
    for load, of_load in loads.items():
        tell(f"{history} months of history: the {load} of it")
        here.land(_copied(of_load, work / load), "cards")
        before = queries()
        here.dbt("run", "--select", *MODELS, target=work)
    return Month(history, scanned(executions(queries() - before)))


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
