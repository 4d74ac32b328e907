"""COTAHIST's rows as numbers and texts, and their way into bytes."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ingestion.b3.cotahist import LAYOUT

Rows = NDArray[Any]

ROW = np.dtype([(field.name, f"S{field.width}" if field.type == "X" else "i8") for field in LAYOUT.fields])
LINE = np.dtype([(field.name, "u1", (field.width,)) for field in LAYOUT.fields] + [("end", "u1", (2,))])
NO_EXPIRY = 99991231


def blank_rows(count: int) -> Rows:
    """Rows of type 01 with nothing in them but what nearly all rows share."""
    rows = np.zeros(count, dtype=ROW)
    rows["tipreg"] = 1
    rows["modref"] = b"R$"
    rows["datven"] = NO_EXPIRY
    rows["fatcot"] = 1
    return rows


def encode(rows: Rows) -> NDArray[Any]:
    """The rows as lines of 245 characters and CRLF: numbers filled with zeros, texts with spaces."""
    lines = np.empty(len(rows), dtype=LINE)
    for field in LAYOUT.fields:
        values = rows[field.name]
        lines[field.name] = _text(values, field.width) if field.type == "X" else _digits(values, field.width)
    lines["end"] = (13, 10)
    return lines


def _text(values: NDArray[Any], width: int) -> NDArray[np.uint8]:
    characters = np.ascontiguousarray(values).view(np.uint8).reshape(-1, width)
    return np.where(characters == 0, np.uint8(32), characters)


def _digits(values: NDArray[Any], width: int) -> NDArray[np.uint8]:
    digits = np.empty((len(values), width), dtype=np.uint8)
    rest = values.astype(np.uint64)
    for place in range(width - 1, -1, -1):
        rest, digit = np.divmod(rest, np.uint64(10))
        digits[:, place] = digit + 48
    return digits
