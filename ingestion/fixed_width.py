"""Fixed-width text to Arrow: a layout kept as data, and lines sliced without touching single values."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

NEWLINE, CARRIAGE_RETURN = 10, 13
LINE_ENDINGS = (b"\r\n", b"\n")
FIRST_HIGH_BYTE = 0x80

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
    """A block of text in lines: records as structured array, all other lines as bytes with their number.

    `records` has a void field per column and is a view of the block where that is possible; `numbers` are the
    records' line numbers, from 1; `count` is the number of all lines.
    """

    records: NDArray[Any]
    numbers: Positions
    others: tuple[tuple[int, bytes], ...]
    count: int


@dataclass(frozen=True, slots=True)
class _Borders:
    """Where each line starts and ends (its line end left out), and whether it is a record."""

    starts: Positions
    ends: Positions
    is_record: NDArray[np.bool_]


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


def split_lines(block: bytes | memoryview, layout: Layout, prefix: bytes, first_line: int) -> Lines:
    """The lines of `block`, whose first line has the number `first_line`.

    A record is a line as wide as the layout that begins with `prefix`. Lines end with LF or CRLF, mixed as
    they like; the last one may lack its end. When all lines are records with the same ending, the records are
    a view of the block; otherwise they are copied together.
    """
    view = memoryview(block)
    text = np.frombuffer(view, dtype=np.uint8)
    for ending in LINE_ENDINGS:
        if _are_all_records(text, layout.width, prefix, ending):
            records = np.frombuffer(view, dtype=_record_type(layout, layout.width + len(ending)))
            return Lines(records, np.arange(first_line, first_line + len(records)), (), len(records))
    return _copied(view, _borders(text, layout.width, prefix), layout, first_line)


def columns(records: NDArray[Any], names: Iterable[str]) -> list[pa.StringArray]:
    """These fields of all records as Arrow strings, padding kept, latin-1 made UTF-8."""
    is_ascii = not len(records) or records.view(np.uint8).max() < FIRST_HIGH_BYTE
    offsets: dict[int, NDArray[np.int32]] = {}
    made = []
    for name in names:
        values = np.ascontiguousarray(records[name])
        width, count = values.dtype.itemsize, len(values)
        characters = values.view(np.uint8)
        if is_ascii or characters.max() < FIRST_HIGH_BYTE:
            if width not in offsets:
                offsets[width] = np.arange(0, (count + 1) * width, width, dtype=np.int32)
            made.append(_strings(count, offsets[width], characters))
        else:
            made.append(_latin1(characters, width))
    return made


def _are_all_records(text: Bytes, width: int, prefix: bytes, ending: bytes) -> bool:
    """Whether the text is records with this ending, and no control character is in any: a quick look."""
    stride = width + len(ending)
    if not len(text) or len(text) % stride:
        return False
    lines = text.reshape(-1, stride)
    expected = [*enumerate(prefix), *enumerate(ending, width)]
    return all((lines[:, at] == byte).all() for at, byte in expected) and bool(
        lines[:, :width].min() > CARRIAGE_RETURN
    )


def _borders(text: Bytes, width: int, prefix: bytes) -> _Borders:
    ends = np.flatnonzero(text == NEWLINE)
    if len(text) and text[-1] != NEWLINE:
        ends = np.append(ends, len(text))
    starts = np.zeros_like(ends)
    starts[1:] = ends[:-1] + 1
    returned = (ends > starts) & (text[np.maximum(ends - 1, 0)] == CARRIAGE_RETURN)
    ends = ends - returned
    is_record = ends - starts == width
    for offset, byte in enumerate(prefix):
        is_record &= text[np.minimum(starts + offset, len(text) - 1)] == byte
    return _Borders(starts, ends, is_record)


def _copied(view: memoryview, borders: _Borders, layout: Layout, first_line: int) -> Lines:
    is_record = borders.is_record
    joined = b"".join(view[start : start + layout.width] for start in borders.starts[is_record].tolist())
    return Lines(
        records=np.frombuffer(joined, dtype=_record_type(layout, layout.width)),
        numbers=np.flatnonzero(is_record) + first_line,
        others=tuple(
            (first_line + index, bytes(view[borders.starts[index] : borders.ends[index]]))
            for index in np.flatnonzero(~is_record).tolist()
        ),
        count=len(is_record),
    )


def _record_type(layout: Layout, stride: int) -> np.dtype[Any]:
    """The structured type that views `stride` bytes as the fields of a record."""
    return np.dtype(
        {
            "names": [field.name for field in layout.fields],
            "formats": [f"V{field.width}" for field in layout.fields],
            "offsets": [field.start - 1 for field in layout.fields],
            "itemsize": stride,
        }
    )


def _latin1(characters: Bytes, width: int) -> pa.StringArray:
    """Latin-1 to UTF-8: a byte from 0x80 on becomes two."""
    high = characters >= FIRST_HIGH_BYTE
    encoded = np.repeat(characters, 1 + high)
    at = np.flatnonzero(high) + np.arange(np.count_nonzero(high))
    encoded[at] = 0xC0 | (characters[high] >> 6)
    encoded[at + 1] = FIRST_HIGH_BYTE | (characters[high] & 0x3F)
    widths = width + high.reshape(-1, width).sum(axis=1)
    offsets = np.concatenate(([0], np.cumsum(widths))).astype(np.int32)
    return _strings(len(widths), offsets, encoded)


def _strings(count: int, offsets: NDArray[np.int32], characters: Bytes) -> pa.StringArray:
    buffers = (pa.py_buffer(offsets), pa.py_buffer(characters))
    return cast(pa.StringArray, pa.StringArray.from_buffers(count, *buffers))
