"""Ways to do the same work, measured on the same file: taking turns, each time in a process of its own."""

import json
import math
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryFile

from rich.console import Console
from rich.progress import Progress

from benchmarks import peers
from benchmarks.tables import console, table

ROOT = Path(__file__).parents[1]
COLUMNS = ("rows", "MB/s", "slowest", "fastest", "to ours", "CPU s", "by CPU", "peak MiB", "imports")


@dataclass(frozen=True, slots=True)
class Contender:
    """A module with a `prepare(path)` that returns the work, a function that returns its rows.

    A `packed` one gets the ZIP beside the file, a `peer` runs in the peers' environment, and one that `lands`
    gets an empty AWS for each run, at a place as `server` has it.
    """

    module: str
    label: str
    lands: str = ""
    packed: bool = False
    peer: bool = False
    up_to_bytes: float = math.inf


@dataclass(frozen=True, slots=True)
class Once:
    """One run: seconds by the clock and of all CPUs, and resident memory, once imported and at its peak."""

    seconds: float
    cpu_seconds: float
    rows: int
    imported_mib: float
    peak_mib: float


@dataclass(frozen=True, slots=True)
class Measured:
    """What a contender did with a file of so many bytes, or why it did not."""

    label: str
    file_bytes: int
    runs: tuple[Once, ...]
    failure: str | None = None

    @property
    def rates(self) -> list[float]:
        """Each run's millions of bytes a second."""
        return [self.file_bytes / 1e6 / run.seconds for run in self.runs]

    @property
    def cpu_seconds(self) -> float:
        """The time of all CPUs together, which other work on the machine disturbs less."""
        return median(run.cpu_seconds for run in self.runs)


def contest(contenders: tuple[Contender, ...], paths: list[Path], runs: int) -> list[Measured]:
    """Measure all contenders on all files, in turns."""
    with _progress(len(paths) * runs * len(contenders)) as advance:
        return [one for path in paths for one in _in_turns(contenders, path, runs, advance)]


def _in_turns(
    contenders: tuple[Contender, ...], path: Path, runs: int, advance: Callable[[], None]
) -> Iterator[Measured]:
    size = path.stat().st_size
    told: dict[Contender, list[Once]] = {contender: [] for contender in contenders}
    failures = {one: "not run on so large a file" for one in contenders if size > one.up_to_bytes}
    for _ in range(runs):
        for contender in contenders:
            advance()
            if contender not in failures:
                try:
                    told[contender].append(_apart(contender, path))
                except (RuntimeError, peers.PeersError) as error:
                    failures[contender] = str(error)
    for contender, results in told.items():
        yield Measured(contender.label, size, tuple(results), failures.get(contender))


def as_json(measured: list[Measured]) -> str:
    """All measurements, every run of them."""
    return json.dumps({"cpus": os.cpu_count(), "measured": [asdict(one) for one in measured]}, indent=2)


def print_tables(measured: list[Measured]) -> None:
    """A table for each file; the ratios are to the first contender."""
    out = console()
    for size in sorted({one.file_bytes for one in measured}):
        of_size = [one for one in measured if one.file_bytes == size]
        title = f"{size / 1e6:,.1f} MB, {os.cpu_count()} CPUs"
        made = table(title, "what", *COLUMNS)
        for one in of_size:
            made.add_row(*_cells(one, of_size[0]))
        out.print(made)
        out.print()


def _cells(one: Measured, ours: Measured) -> list[str]:
    if not one.runs:
        return [one.label, f"[yellow]{one.failure}[/]"]
    return [
        one.label,
        f"{one.runs[-1].rows:,}",
        f"{median(one.rates):.0f}",
        f"{min(one.rates):.0f}",
        f"{max(one.rates):.0f}",
        f"{median(one.rates) / median(ours.rates):.2f}" if ours.runs else "",
        f"{one.cpu_seconds:.2f}",
        f"{ours.cpu_seconds / one.cpu_seconds:.2f}" if ours.runs else "",
        f"{max(run.peak_mib for run in one.runs):.0f}",
        f"{max(run.imported_mib for run in one.runs):.0f}",
    ]


def _apart(contender: Contender, path: Path) -> Once:
    python = str(peers.python()) if contender.peer else sys.executable
    file = path.with_suffix(".ZIP") if contender.packed else path
    command = [python, "-m", "benchmarks.once", contender.module, str(file)]
    with _aws(contender.lands) as environment:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment
        )
    if done.returncode:
        raise RuntimeError(_why(done.returncode, done.stderr))
    return Once(**json.loads(done.stdout))


def _why(status: int, said: str) -> str:
    """The last line that a process said; one that was killed, as for want of memory, says nothing."""
    return said.strip().rpartition("\n")[2] or f"ended with status {status}"


@contextmanager
def _aws(place: str) -> Iterator[dict[str, str]]:
    """An empty S3 and Glue for one run, where one is wanted. Raises RuntimeError when they do not come up."""
    if not place:
        yield {}
        return
    command = [sys.executable, "-m", "benchmarks.server", place]
    with (
        TemporaryFile("w+") as said,
        subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=said, text=True) as server,
    ):
        try:
            line = (server.stdout or sys.stdin).readline()
            if not line:
                status = server.wait()
                said.seek(0)
                raise RuntimeError(_why(status, said.read()))
            where: dict[str, str] = json.loads(line)
            yield where | {
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
