"""All contenders on the same rows, taking turns, each time in a process of its own."""

import json
import os
import signal
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from benchmarks import peers
from benchmarks.b3_cotahist import text

ROOT = Path(__file__).parents[2]
SLOW_ONES_UP_TO = 100_000_000


@dataclass(frozen=True, slots=True)
class Contender:
    """One way to read a text. `packed` ones get the ZIP; `slow` ones are spared large texts.

    `lands` is where it lands, if it does, as `server` has it.
    """

    name: str
    label: str
    packed: bool = False
    slow: bool = False
    peer: bool = False
    lands: str = ""


CONTENDERS = (
    Contender("ours", "finlake: text to Parquet"),
    Contender("ours_landed", "finlake: text to Parquet, landed", lands="local"),
    Contender("ours_landed", "finlake: the same, S3 keeps nothing", lands="nowhere"),
    Contender("polars_slices", "polars: slices to Parquet"),
    Contender("b3cotahist", "b3cotahist: to a DataFrame", peer=True),
    Contender("pandas_read_fwf", "pandas.read_fwf: to a DataFrame", slow=True),
    Contender("ours", "finlake: ZIP to Parquet", packed=True),
    Contender("ours_landed", "finlake: ZIP to Parquet, landed", packed=True, lands="local"),
    Contender("ours_landed", "finlake: the same, S3 keeps nothing", packed=True, lands="nowhere"),
    Contender("inflate", "zipfile: inflating alone", packed=True),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """What a contender did with a text of so many bytes: each run's seconds, and memory at its peak."""

    contender: Contender
    text_bytes: int
    rows: int
    seconds: tuple[float, ...]
    cpu_seconds: tuple[float, ...]
    imported_mib: float
    peak_mib: float
    failure: str | None = None

    @property
    def mb_per_second(self) -> float:
        """The median of the runs, in millions of bytes of text a second."""
        return self.text_bytes / 1e6 / statistics.median(self.seconds) if self.seconds else 0.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Where the rows came from, and what was measured, by size."""

    rows_from: str
    cpus: int
    measured: tuple[Measured, ...]


def compare(source: Path | None, sizes_mb: list[int], runs: int) -> Comparison:
    """Measure all contenders on texts of these sizes, made of the rows at `source` or of generated ones."""
    measured = []
    with TemporaryDirectory(prefix="finlake-benchmark-") as folder:
        rows = text.rows_of(source)
        files = {size: text.write(rows, size * 1_000_000, Path(folder)) for size in sizes_mb}
        del rows
        with _progress(len(sizes_mb) * runs * len(CONTENDERS)) as advance:
            for pair in files.values():
                measured += _measure(pair, runs, advance)
    return Comparison(str(source or "generated"), os.cpu_count() or 0, tuple(measured))


def _measure(pair: tuple[Path, Path], runs: int, advance: Callable[[], None]) -> list[Measured]:
    size = pair[0].stat().st_size
    told: dict[Contender, list[dict[str, float]]] = {contender: [] for contender in CONTENDERS}
    failures: dict[Contender, str] = {}
    for _ in range(runs):
        for contender in CONTENDERS:
            advance()
            if contender in failures:
                continue
            if contender.slow and size > SLOW_ONES_UP_TO:
                failures[contender] = "not run on so large a text"
                continue
            try:
                told[contender].append(_once(contender, pair[contender.packed]))
            except (RuntimeError, peers.PeersError) as error:
                failures[contender] = str(error)
    return [
        Measured(
            contender=contender,
            text_bytes=size,
            rows=int(results[-1]["rows"]) if results else 0,
            seconds=tuple(result["seconds"] for result in results),
            cpu_seconds=tuple(result["cpu_seconds"] for result in results),
            imported_mib=max((result["imported_mib"] for result in results), default=0.0),
            peak_mib=max((result["peak_mib"] for result in results), default=0.0),
            failure=failures.get(contender),
        )
        for contender, results in told.items()
    ]


def _once(contender: Contender, path: Path) -> dict[str, float]:
    python = str(peers.python()) if contender.peer else sys.executable
    command = [python, "-m", "benchmarks.b3_cotahist.once", contender.name, str(path)]
    with _aws(contender.lands) as environment:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment
        )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    result: dict[str, float] = json.loads(done.stdout)
    return result


@contextmanager
def _aws(place: str) -> Iterator[dict[str, str]]:
    """An empty S3 and Glue of its own for one run, where one is wanted."""
    if not place:
        yield {}
        return
    command = [sys.executable, "-m", "benchmarks.b3_cotahist.server", place]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=nowhere, text=True) as server:
        try:
            yield json.loads((server.stdout or sys.stdin).readline()) | {
                "AWS_ACCESS_KEY_ID": "any",
                "AWS_SECRET_ACCESS_KEY": "any",
                "AWS_DEFAULT_REGION": "sa-east-1",
            }
        finally:
            server.send_signal(signal.SIGINT)


@contextmanager
def _progress(steps: int) -> Iterator[Callable[[], None]]:
    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("measuring", total=steps)
        yield lambda: progress.advance(task)
