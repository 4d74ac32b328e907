"""Records of a CSV to columns of strings, and each record's hash, a block at a time."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
from datafusion import SessionConfig, SessionContext, col
from datafusion.functions import encode, sha256
from numpy.typing import NDArray
from pyarrow import csv

from ingestion.csv_records import Block, Bounds, Mask, Positions, bounds, fields, separators
from ingestion.encoding import Encoding, as_utf8

# Arrow's binary view: a value's length, first bytes, buffer and place in it; a short one stands in it whole.
VIEW = np.dtype([("length", "<i4"), ("beginning", "<u4"), ("buffer", "<i4"), ("at", "<i4")])
INLINE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Cells:
    """The records of a block: those with as many fields as the header in columns, the others as they stand.

    `lines` are the physical lines (from 1) on which the records begin and `hashes` the SHA-256 of their
    bytes, of the records in columns first and of the `malformed` ones after them.
    """

    columns: list[pa.StringArray]
    malformed: list[str]
    lines: Positions
    hashes: pa.StringArray

    @property
    def rows(self) -> int:
        """How many records are in columns."""
        return len(self.columns[0])


def cells(block: Block, separator: bytes, width: int, encoding: Encoding | None) -> Cells:
    """The cells of a block of a text whose header has `width` (two or more) fields.

    Raises Refusal when the block is not in the encoding.
    """
    found = bounds(block)
    columns = _all_at_once(block, found, separator, width, encoding)
    if columns is not None:
        every = np.arange(len(found.starts))
        return Cells(columns, [], _line_numbers(block, found), _hashes(block.text, found, every))
    is_row = _well_formed(block, found, separator, width)
    rows, odd = np.flatnonzero(is_row), np.flatnonzero(~is_row)
    order = np.concatenate((rows, odd))
    return Cells(
        columns=_of_rows(block, _texts(block.text, found, rows), separator, width, encoding),
        malformed=[
            as_utf8(text, encoding, block.first_line).decode("utf-8")
            for text in _texts(block.text, found, odd)
        ],
        lines=_line_numbers(block, found)[order],
        hashes=_hashes(block.text, found, order),
    )


def _all_at_once(
    block: Block, found: Bounds, separator: bytes, width: int, encoding: Encoding | None
) -> list[pa.StringArray] | None:
    """The columns of a block, where all its records turn out to have `width` fields; None otherwise."""
    if block.bounds is not None or not len(found.starts):
        return None
    text = as_utf8(block.text, encoding, block.first_line)
    return _parsed(text, separator, width, len(found.starts))


def _well_formed(block: Block, found: Bounds, separator: bytes, width: int) -> Mask:
    """Which records have `width` fields, and their quotes closed."""
    if block.bounds is not None:
        texts = _texts(block.text, found, np.arange(len(found.starts)))
        has_width: Mask = np.array([len(fields(text, separator)) == width for text in texts], np.bool_)
        return found.closed & has_width
    between = separators(block.text, separator)
    counts = np.searchsorted(between, found.ends) - np.searchsorted(between, found.starts)
    well: Mask = counts == width - 1
    return well


def _of_rows(
    block: Block, rows: list[bytes], separator: bytes, width: int, encoding: Encoding | None
) -> list[pa.StringArray]:
    """The columns of records that have `width` fields."""
    if not rows:
        return [pa.array([], pa.string())] * width
    if block.bounds is None:
        text = as_utf8(b"".join(row + b"\n" for row in rows), encoding, block.first_line)
        if (columns := _parsed(text, separator, width, len(rows))) is not None:
            return columns
    values = ([as_utf8(one, encoding, block.first_line) for one in fields(row, separator)] for row in rows)
    return [pa.array(column, pa.binary()).cast(pa.string()) for column in zip(*values, strict=True)]


def _parsed(text: bytes, separator: bytes, width: int, rows: int) -> list[pa.StringArray] | None:
    """The text's columns by Arrow's own reader; None when it does not see so many records in it as we do."""
    # it takes a CR alone for a line end, which it is not here
    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        return None
    names = [str(index) for index in range(width)]
    try:
        table = csv.read_csv(
            pa.BufferReader(text),
            csv.ReadOptions(use_threads=False, block_size=len(text) + 1, column_names=names),
            csv.ParseOptions(delimiter=separator.decode(), newlines_in_values=b'"' in text),
            csv.ConvertOptions(
                check_utf8=False,
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                quoted_strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
    if table.num_rows != rows:
        return None
    return [_whole(column) for column in table]


def _line_numbers(block: Block, found: Bounds) -> Positions:
    if found.adjacent and b'"' not in block.text:
        return np.arange(block.first_line, block.first_line + len(found.starts))
    newlines = np.flatnonzero(np.frombuffer(block.text, np.uint8) == 10)
    return block.first_line + np.searchsorted(newlines, found.starts)


@cache
def _engine() -> SessionContext:
    """Of one thread, as each writer has its own; no block is cut up. It would not outlive a fork."""
    return SessionContext(SessionConfig().with_target_partitions(1).with_batch_size(1 << 24))


def _hashes(text: bytes, found: Bounds, order: Positions) -> pa.StringArray:
    records = pa.record_batch([_views(text, found.starts[order], found.ends[order])], names=["record"])
    hashed = _engine().read_batch(records).select(encode(sha256(col("record")), "hex"))
    return _whole(hashed.to_arrow_table().column(0))


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """The column as one array; it is not copied where it is one."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def _views(text: bytes, starts: Positions, ends: Positions) -> pa.Array:
    """The records as Arrow's binary views: where each is in the text; only short ones are copied."""
    lengths = ends - starts
    views = np.zeros(len(starts), VIEW)
    views["length"] = lengths
    is_long = lengths > INLINE_BYTES
    beginnings: NDArray[np.uint32] = np.ndarray(max(len(text) - 3, 0), "<u4", text, strides=(1,))
    views["beginning"][is_long] = beginnings[starts[is_long]]
    views["at"][is_long] = starts[is_long]
    characters = views.view(np.uint8).reshape(-1, VIEW.itemsize)[:, 4:]
    for place in np.flatnonzero(~is_long).tolist():
        characters[place, : lengths[place]] = np.frombuffer(text, np.uint8, lengths[place], starts[place])
    buffers = [None, pa.py_buffer(views), pa.py_buffer(text)]
    return pa.Array.from_buffers(pa.binary_view(), len(starts), buffers)


def _texts(text: bytes, found: Bounds, which: Positions) -> list[bytes]:
    starts, ends = found.starts[which].tolist(), found.ends[which].tolist()
    return [text[start:end] for start, end in zip(starts, ends, strict=True)]
