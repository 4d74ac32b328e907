"""Ways to do the same work, measured on the same file: taking turns, each time in a process of its own."""

import importlib
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

ROOT = Path(__file__).parents[1]
WIDE = 140


@dataclass(frozen=True, slots=True)
class Contender:
    """A module with a `prepare(path)` that returns the work, a function that returns its rows.

    `lands` ones get an empty S3 and Glue of their own for each run.
    """

    module: str
    label: str
    lands: bool = False


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
    def mb_per_second(self) -> float:
        """The median of the runs, in millions of bytes a second."""
        return self.file_bytes / 1e6 / median(run.seconds for run in self.runs) if self.runs else 0.0

    @property
    def mb_per_cpu_second(self) -> float:
        """The same by the time of all CPUs together, which other work on the machine disturbs less."""
        return self.file_bytes / 1e6 / median(run.cpu_seconds for run in self.runs) if self.runs else 0.0


def contest(contenders: tuple[Contender, ...], paths: list[Path], runs: int) -> list[Measured]:
    """Measure all contenders on all files, in turns."""
    measured = []
    with _progress(len(paths) * runs * len(contenders)) as advance:
        for path in paths:
            told: dict[Contender, list[Once]] = {contender: [] for contender in contenders}
            failures: dict[Contender, str] = {}
            for _ in range(runs):
                for contender in contenders:
                    advance()
                    try:
                        told[contender].append(_apart(contender, path))
                    except RuntimeError as error:
                        failures[contender] = str(error)
            measured += [
                Measured(contender.label, path.stat().st_size, tuple(results), failures.get(contender))
                for contender, results in told.items()
            ]
    return measured


def as_json(measured: list[Measured]) -> str:
    """All measurements, every run of them."""
    return json.dumps({"cpus": os.cpu_count(), "measured": [asdict(one) for one in measured]}, indent=2)


def print_tables(measured: list[Measured]) -> None:
    """A table for each file; the last columns are to the first contender."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    for size in sorted({one.file_bytes for one in measured}):
        of_size = [one for one in measured if one.file_bytes == size]
        title = f"{size / 1e6:,.1f} MB, {os.cpu_count()} CPUs"
        table = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
        table.add_column("what")
        for name in ("rows", "MB/s", "to ours", "CPU s", "by CPU to ours", "peak MiB", "of it imports"):
            table.add_column(name, justify="right")
        for one in of_size:
            table.add_row(*_cells(one, of_size[0]))
        console.print(table)
        console.print()


def _cells(one: Measured, ours: Measured) -> list[str]:
    if not one.runs:
        return [one.label, f"[yellow]{one.failure}[/]"]
    return [
        one.label,
        f"{one.runs[-1].rows:,}",
        f"{one.mb_per_second:.0f}",
        f"{one.mb_per_second / ours.mb_per_second:.2f}" if ours.runs else "",
        f"{median(run.cpu_seconds for run in one.runs):.2f}",
        f"{one.mb_per_cpu_second / ours.mb_per_cpu_second:.2f}" if ours.runs else "",
        f"{max(run.peak_mib for run in one.runs):.0f}",
        f"{max(run.imported_mib for run in one.runs):.0f}",
    ]


def _apart(contender: Contender, path: Path) -> Once:
    command = [sys.executable, "-m", "benchmarks.contest", contender.module, str(path)]
    with _aws(contender.lands) as environment:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=ROOT, env=os.environ | environment
        )
    if done.returncode:
        raise RuntimeError(done.stderr.strip().splitlines()[-1])
    return Once(**json.loads(done.stdout))


def here(module: str, path: Path) -> Once:
    """One run in this process."""
    work = importlib.import_module(module).prepare(path)
    imported = _peak_mib()
    begin, cpu = time.perf_counter(), time.process_time()
    rows = work()
    return Once(time.perf_counter() - begin, time.process_time() - cpu, rows, imported, _peak_mib())


def _peak_mib() -> float:
    """The most memory this process has held: Linux's own mark where there is one, which no parent has set."""
    status = Path("/proc/self/status")
    if status.exists():
        marks = dict(line.split(":", 1) for line in status.read_text().splitlines())
        return int(marks["VmHWM"].split()[0]) / 1024
    divisor = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / divisor


@contextmanager
def _aws(wanted: bool) -> Iterator[dict[str, str]]:
    """An empty S3 and Glue for one run, where one is wanted."""
    if not wanted:
        yield {}
        return
    command = [sys.executable, "-m", "benchmarks.b3_cotahist.server", "local"]
    pipe, nowhere = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(command, cwd=ROOT, stdout=pipe, stderr=nowhere, text=True) as server:
        try:
            where: dict[str, str] = json.loads((server.stdout or sys.stdin).readline())
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


if __name__ == "__main__":
    print(json.dumps(asdict(here(sys.argv[1], Path(sys.argv[2])))))  # noqa: T201
