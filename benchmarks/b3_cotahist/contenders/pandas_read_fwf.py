"""pandas.read_fwf: strings, into a DataFrame, nothing written."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.b3_cotahist.layout import fields

pandas: Any = importlib.import_module("pandas")


def prepare(path: Path) -> Callable[[], int]:
    """Read the text at `path`."""
    names, _, widths = (list(column) for column in zip(*fields(), strict=True))

    def work() -> int:
        frame = pandas.read_fwf(path, widths=widths, names=names, dtype=str, encoding="latin-1", header=None)
        return len(frame) - 2

    return work
