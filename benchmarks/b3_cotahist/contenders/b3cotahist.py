"""b3cotahist: numbers and dates, into a DataFrame, nothing written."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

peer: Any = importlib.import_module("b3cotahist")


def prepare(path: Path) -> Callable[[], int]:
    """Read the text at `path`."""
    return lambda: len(peer.read_txt(path))
