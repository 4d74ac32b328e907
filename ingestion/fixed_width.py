"""Fixed-width text to Arrow columns: a layout kept as data, and lines sliced without touching single values."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

NEWLINE, CARRIAGE_RETURN = 10, 13

Bytes = NDArray[np.uint8]
Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a record: 1-based `start` and `width` in characters, `decimals` implied by the layout."""

    name: str
    start: int
    width: int
    type: str
    decimals: int
    description: str


@dataclass(frozen=True, slots=True)
class Layout:
    """The fields of one type of record, and the width of the record."""

    fields: tuple[Field, ...]
    width: int


@dataclass(frozen=True, slots=True)
class Lines:
    """A block of text, its lines told apart: records by column view, all others as bytes with their line number.

    `records` is a structured array of one void field per column, a view of the block where that is possible;
    `numbers` are the records' 1-based line numbers.
    """

    records: NDArray[Any]
    numbers: Positions
    others: tuple[tuple[int, bytes], ...]


def load_layout(path: Path) -> Layout:
    """The layout in a csv file with the columns field, start, width, type, decimals, description.

    The record ends where its last field ends. Raises ValueError when fields overlap or leave a gap.
    """
    with path.open(encoding="utf-8", newline="") as file:
        fields = tuple(
            Field(
                name=row["field"],
                start=int(row["start"]),
                width=int(row["width"]),
                type=row["type"],
                decimals=int(row["decimals"]),
                description=row["description"],
            )
            for row in csv.DictReader(file)
        )
    at = 1
    for field in fields:
        if field.start != at:
            raise ValueError(f"{path.name}: field {field.name} starts at {field.start}, expected {at}")
        at += field.width
    return Layout(fields=fields, width=at - 1)


def record_type(layout: Layout, stride: int) -> np.dtype[Any]:
    """The structured type that views `stride` bytes as the fields of a record."""
    return np.dtype(
        {
            "names": [field.name for field in layout.fields],
            "formats": [f"V{field.width}" for field in layout.fields],
            "offsets": [field.start - 1 for field in layout.fields],
            "itemsize": stride,
        }
    )


def split_lines(block: bytes, layout: Layout, prefix: bytes, first_line: int) -> Lines:
    """The lines of `block`, whose first line has the number `first_line`.

    A record is a line as wide as the layout that begins with `prefix`. Lines end with LF or CRLF, mixed as they
    like; the last one may lack its end. When all lines are records with one ending, the records are a view of
    the block; otherwise they are copied together.
    """
    text = np.frombuffer(block, dtype=np.uint8)
    ends = np.flatnonzero(text == NEWLINE)
    if block and not block.endswith(b"\n"):
        ends = np.append(ends, len(block))
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1)) if len(ends) else ends
    before_end = text[np.maximum(ends - 1, 0)] if len(ends) else text[:0]
    returns = (before_end == CARRIAGE_RETURN) & (ends > starts)
    is_record = (ends - starts - returns) == layout.width
    for offset, byte in enumerate(prefix):
        is_record &= text[np.minimum(starts + offset, len(block) - 1)] == byte
    if is_record.all():
        strides = np.diff(starts, append=len(block))
        if len(strides) and (strides == strides[0]).all():
            records = np.frombuffer(block, dtype=record_type(layout, int(strides[0])))
            return Lines(records, np.arange(first_line, first_line + len(records)), ())
    return _copied_lines(block, layout, first_line, starts, ends - returns, is_record)


def _copied_lines(
    block: bytes,
    layout: Layout,
    first_line: int,
    starts: Positions,
    ends: Positions,
    is_record: NDArray[np.bool_],
) -> Lines:
    joined = b"".join(block[start : start + layout.width] for start in starts[is_record].tolist())
    others = tuple(
        (first_line + index, block[starts[index] : ends[index]])
        for index in np.flatnonzero(~is_record).tolist()
    )
    return Lines(
        records=np.frombuffer(joined, dtype=record_type(layout, layout.width)),
        numbers=np.flatnonzero(is_record) + first_line,
        others=others,
    )


def column(records: NDArray[Any], name: str) -> pa.StringArray:
    """One field of all records as Arrow strings, padding kept, latin-1 made UTF-8."""
    values = np.ascontiguousarray(records[name])
    width, count = values.dtype.itemsize, len(values)
    characters = values.view(np.uint8)
    if characters.size and characters.max() >= 0x80:
        return _latin1(characters, width)
    offsets = np.arange(0, (count + 1) * width, width, dtype=np.int32)
    return _strings(count, offsets, characters)


def _latin1(characters: Bytes, width: int) -> pa.StringArray:
    """Latin-1 to UTF-8: a byte from 0x80 on becomes two."""
    high = characters >= 0x80
    encoded = np.repeat(characters, 1 + high)
    at = np.flatnonzero(high) + np.arange(np.count_nonzero(high))
    encoded[at] = 0xC0 | (characters[high] >> 6)
    encoded[at + 1] = 0x80 | (characters[high] & 0x3F)
    widths = width + high.reshape(-1, width).sum(axis=1)
    offsets = np.concatenate(([0], np.cumsum(widths))).astype(np.int32)
    return _strings(len(widths), offsets, encoded)


def _strings(count: int, offsets: NDArray[np.int32], characters: Bytes) -> pa.StringArray:
    return cast(
        pa.StringArray,
        pa.StringArray.from_buffers(count, pa.py_buffer(offsets), pa.py_buffer(characters)),
    )
