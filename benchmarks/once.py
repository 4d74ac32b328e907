"""`python -m benchmarks.once MODULE PATH`: one contender, once, in a process of its own.

A peer's environment runs it too: it needs nothing but Python.
"""

import importlib
import json
import resource
import sys
import time
from pathlib import Path

from benchmarks import memory


def measure(module: str, path: Path) -> dict[str, float]:
    """Seconds by the clock and of all CPUs, rows, and resident memory in MiB: once imported, at its peak."""
    work = importlib.import_module(module).prepare(path)
    imported = _peak_mib()
    begin, cpu = time.perf_counter(), time.process_time()
    rows = work()
    return {
        "seconds": time.perf_counter() - begin,
        "cpu_seconds": time.process_time() - cpu,
        "rows": rows,
        "imported_mib": imported,
        "peak_mib": _peak_mib(),
    }


def _peak_mib() -> float:
    marked = memory.peak_mib()
    if marked is not None:
        return marked
    divisor = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / divisor


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))  # noqa: T201
