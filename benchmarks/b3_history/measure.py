"""Generated years landed and built on one local AWS: what one day more reads, and what a whole year takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from benchmarks.lake import Lake, executions, lake, queries, scanned
from benchmarks.memory import peak_mib
from localaws.query import dollars
from samples.b3.cotahist import Request, make
from samples.b3.services import make_answers

NAME = "b3_history_bench"
LAST = date(2025, 12, 30)
LAST_BEFORE = date(2025, 12, 29)
SEEDS = ("seed", "--select", "path:seeds/b3")
MODELS = ("run", "--select", "path:models/*/b3", "stg_ops__landings")
ANSWERS = ("index-levels", "index-portfolio", "corporate-actions")


@dataclass(frozen=True, slots=True)
class Run:
    """A dbt run: seconds by the clock, bytes read by model, and what Athena bills for its queries, USD."""

    seconds: float
    read: dict[str, int]
    dollars: float

    @property
    def total(self) -> int:
        """Bytes read."""
        return sum(self.read.values())


@dataclass(frozen=True, slots=True)
class Day:
    """The run of one day more after so many years of history."""

    years: int
    run: Run


@dataclass(frozen=True, slots=True)
class Year:
    """A year landed and built: rows of the files, seconds of landing, the first run, MiB of the engine."""

    sessions: int
    rows: int
    landing: float
    run: Run
    engine_mib: float


def days(histories: list[int], tickers: int, tell: Callable[[str], None]) -> list[Day]:
    """What the run of one day more reads and takes, after histories of so many years."""
    with lake(NAME) as asked, TemporaryDirectory() as work:
        return [_day_more(asked, years, tickers, Path(work) / str(years), tell) for years in histories]


def _day_more(asked: Lake, years: int, tickers: int, work: Path, tell: Callable[[str], None]) -> Day:
    here = asked.named(f"{NAME}_{years}")
    first = date(LAST.year - years + 1, 1, 2)
    tell(f"{years} years of history, {tickers} instruments")
    past, new = work / "past", work / "new"
    make(Request(past, first, LAST_BEFORE, tickers, spans=("year",)))
    make(Request(new, LAST, LAST, tickers))
    make_answers(Request(work / "answers", first, LAST_BEFORE, tickers))
    make_answers(Request(work / "later", first, LAST, tickers))
    here.land(past, "b3", "quotes")
    for entity in ANSWERS:
        here.land(work / "answers" / entity, "b3", entity)
    here.dbt(*SEEDS, target=work)
    here.dbt(*MODELS, target=work)
    # the first day more warms up what the second is measured on: a run that finds nothing to do
    here.dbt(*MODELS, target=work)
    tell(f"{years} years of history: one day more")
    here.land(new, "b3", "quotes")
    here.land(work / "later" / "index-levels", "b3", "index-levels")
    return Day(years, _run(here, work))


def year(tickers: int, tell: Callable[[str], None]) -> Year:
    """A year of `tickers` instruments, landed and built."""
    with lake(NAME) as asked, TemporaryDirectory() as name:
        work = Path(name)
        tell(f"a year of {tickers:,} instruments: generating")
        (made,) = make(Request(work / "year", date(LAST.year, 1, 2), LAST, tickers, spans=("year",)))
        tell(f"a year of {tickers:,} instruments: landing {made.rows:,} rows")
        begin = time.perf_counter()
        asked.land(work / "year", "b3", "quotes")
        landing = time.perf_counter() - begin
        asked.dbt(*SEEDS, target=work)
        tell(f"a year of {tickers:,} instruments: building")
        run = _run(asked, work)
        ((sessions,),) = asked.athena(f"select count(*) from {NAME}_curated.b3_sessions")  # noqa: S608
        return Year(sessions, made.rows, landing, run, _engine_mib())


def _run(asked: Lake, work: Path) -> Run:
    before, begin = queries(), time.perf_counter()
    asked.dbt(*MODELS, target=work)
    seconds = time.perf_counter() - begin
    found = list(executions(queries() - before))
    return Run(seconds, scanned(found), sum(map(dollars, found)))


def _engine_mib() -> float:
    """The most resident memory of the engine so far: that of the largest process of ours."""
    children = psutil.Process().children(recursive=True)
    return max(peak_mib(process.pid) or 0.0 for process in children)
