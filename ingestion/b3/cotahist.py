"""COTAHIST: B3's file of quotes, to raw rows: strings as in the file, and only the file as a whole is judged.

Which files are whole is told in `ingestion.b3.whole`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingestion.b3.names import spans_days
from ingestion.b3.whole import FIRST_DAY, Counting, Dates, counting, file_scope, is_whole
from ingestion.entity import Entity, Envelope, RowOrigin
from ingestion.fixed_width import Lines, columns, load_layout, split_lines
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import FETCH_AGAIN, Text, beginning

LAYOUT = load_layout(Path(__file__).with_name("cotahist.csv"))
HEADER, ROW, TRAILER = b"00COTAHIST", b"01", b"99COTAHIST"

BLOCK_BYTES = 2 << 20
HEAD_BLOCKS = 8
TAIL_BYTES = 1 << 16
HEADER_LIMIT = 1 << 12
BLANK = b" \t\r\x1a\x00"

SLICED = [field.name for field in LAYOUT.fields if field.name != "tipreg"]
REPEATED = pa.dictionary(pa.int32(), pa.string())
ORIGIN_COLUMNS = (
    ("file_name", REPEATED, "Name of the file as received"),
    ("line_number", pa.int64(), "Line of the text, from 1 (the header)"),
    ("header_date", REPEATED, "Date of the file's header, YYYYMMDD"),
    ("file_scope", REPEATED, "day for a file of one session, range for a month's or a year's"),
    ("malformed_line", pa.string(), "Text of a line that is no row by width or type; null otherwise"),
    ("landed_at", pa.timestamp("ms"), "When the file was landed, UTC"),
)
COLUMNS = pa.schema(
    [
        pa.field(
            field.name,
            REPEATED if field.name == "tipreg" else pa.string(),
            metadata={"comment": field.description},
        )
        for field in LAYOUT.fields
    ]
    + [pa.field(name, kind, metadata={"comment": comment}) for name, kind, comment in ORIGIN_COLUMNS]
)


@dataclass(frozen=True, slots=True)
class _Constants:
    """What all rows of a file have in common."""

    file_name: str
    header_date: str
    file_scope: str
    landed_at: pa.Scalar


@dataclass(frozen=True, slots=True)
class _Trailer:
    line: int
    text: bytes


@dataclass(frozen=True, slots=True)
class _Found:
    """What a block held. `after_trailer` is the first line after a trailer that is not blank."""

    rows: int
    malformed: int
    trailer: _Trailer | None
    after_trailer: int | None


def read(text: Text, parts: PartWriter[_Found], origin: RowOrigin) -> Envelope:
    """Write the rows of a COTAHIST text to `parts`.

    Raises Refusal when the text is empty, is no COTAHIST, is cut, or does not hold as many rows as it says.
    """
    blocks = _blocks(text)
    first = next(blocks, memoryview(b""))
    header_date, start = _header(first)
    lines = _lines(chain([first[start:]], blocks))
    head = list(islice(lines, HEAD_BLOCKS))
    dates = _dates(head)
    scope = "range" if spans_days(origin.file_name) else file_scope(dates, header_date)
    constants = _Constants(
        file_name=origin.file_name,
        header_date=f"{header_date:%Y%m%d}",
        file_scope=scope,
        landed_at=pa.scalar(origin.landed_at, pa.timestamp("ms")),
    )
    for some in chain(_drained(head), lines):
        parts.write(partial(_batch, some, constants))
    return _envelope(parts.finish(), constants.header_date, counting(dates, header_date, scope))


def _blocks(text: Text) -> Iterator[memoryview]:
    """The text in blocks of whole lines.

    No block but an only one is smaller than TAIL_BYTES, so that what may stand after a trailer is in a block
    with it.
    """
    carried = memoryview(b"")
    while True:
        begin = len(carried)
        held = bytearray(begin + BLOCK_BYTES)
        held[:begin] = carried
        end = begin + text.read_into(memoryview(held)[begin:])
        if end == begin:
            break
        cut = held.rfind(b"\n", 0, max(end - TAIL_BYTES, 0)) + 1
        carried = memoryview(held)[cut:end]
        if cut:
            yield memoryview(held)[:cut]
        elif end > BLOCK_BYTES + TAIL_BYTES:
            raise Refusal("not_lines", f"There is no line end in {end} bytes.", FETCH_AGAIN)
    if carried:
        yield carried


def _lines(blocks: Iterable[memoryview]) -> Iterator[Lines]:
    """The lines of all blocks, numbered on; the first block begins on line 2."""
    number = 2
    for block in blocks:
        lines = split_lines(block, LAYOUT, ROW, number)
        number += lines.count
        yield lines


def _drained(lines: list[Lines]) -> Iterator[Lines]:
    while lines:
        yield lines.pop(0)


def _header(first: memoryview) -> tuple[date, int]:
    """The header's date, and where the text goes on after the header."""
    if not first:
        raise Refusal("empty", "The file is empty.", FETCH_AGAIN)
    line, _, _ = bytes(first[:HEADER_LIMIT]).partition(b"\n")
    digits = line[23:31].decode("latin-1")
    if not (line.startswith(HEADER) and re.fullmatch("[0-9]{8}", digits)):
        begins = beginning(line[:40])
        raise Refusal(
            "not_cotahist",
            f"Line 1 is no COTAHIST header (00COTAHIST, with a date in 24-31); it begins with {begins}.",
            "Land files from B3's historical quotes (COTAHIST_D, _M or _A) with this command.",
            line=1,
        )
    try:
        header_date = date.fromisoformat(digits)
    except ValueError:
        header_date = date.min
    if header_date < FIRST_DAY:
        detail = f"{digits}, the header's date (24-31 of line 1), is no day from {FIRST_DAY} on."
        raise Refusal("impossible_header_date", detail, FETCH_AGAIN, line=1)
    return header_date, len(line) + 1


def _dates(head: list[Lines]) -> Dates:
    """The dates of the rows of the first 16 MiB: four sessions of today."""
    dates = [np.ascontiguousarray(lines.records["data"]).view("S8") for lines in head]
    return np.concatenate(dates) if dates else np.array([], dtype="S8")


def _batch(lines: Lines, constants: _Constants) -> tuple[pa.RecordBatch, _Found]:
    """The rows of one block, well-formed ones first, and what else is in it."""
    trailer, after, malformed = _odd(lines)
    rows, odd = len(lines.records), len(malformed)
    no_fields, texts = pa.nulls(odd, pa.string()), [text.decode("latin-1") for _, text in malformed]
    batch = pa.record_batch(
        [
            _repeated(ROW.decode(), rows, odd),
            *(_followed(values, no_fields) for values in columns(lines.records, SLICED)),
            _repeated(constants.file_name, rows + odd),
            pa.array(np.concatenate((lines.numbers, np.array([n for n, _ in malformed], dtype=np.int64)))),
            _repeated(constants.header_date, rows + odd),
            _repeated(constants.file_scope, rows + odd),
            _followed(pa.nulls(rows, pa.string()), pa.array(texts, pa.string())),
            pa.repeat(constants.landed_at, rows + odd),
        ],
        schema=COLUMNS,
    )
    return batch, _Found(rows, odd, trailer, after)


def _followed(values: pa.Array, others: pa.Array) -> pa.Array:
    return pa.concat_arrays([values, others]) if len(others) else values


def _repeated(value: str, count: int, nulls: int = 0) -> pa.DictionaryArray:
    """`value` so many times and then nulls, as a dictionary of one, which costs Parquet next to nothing."""
    indices = _followed(pa.array(np.zeros(count, dtype=np.int32)), pa.nulls(nulls, pa.int32()))
    return pa.DictionaryArray.from_arrays(indices, pa.array([value]))


def _odd(lines: Lines) -> tuple[_Trailer | None, int | None, list[tuple[int, bytes]]]:
    """The trailer, the first line after it that is not blank, and the malformed lines before it."""
    trailer: _Trailer | None = None
    after: int | None = None
    malformed = []
    for number, text in lines.others:
        if trailer is None and text.startswith(TRAILER):
            trailer = _Trailer(number, text)
        elif trailer is None:
            malformed.append((number, text))
        elif after is None and text.strip(BLANK):
            after = number
    if trailer and len(lines.numbers) and lines.numbers[-1] > trailer.line:
        first = int(lines.numbers[np.searchsorted(lines.numbers, trailer.line)])
        after = min(first, after or first)
    return trailer, after, malformed


def _envelope(blocks: list[_Found], header_date: str, how: Counting) -> Envelope:
    """What the blocks add up to. Raises Refusal when they are not a whole file."""
    rows = sum(block.rows for block in blocks)
    malformed = sum(block.malformed for block in blocks)
    counted = f"{rows} rows (type 01)"
    if malformed:
        counted += f" and {malformed} malformed line{'s' * (malformed > 1)}"
    try:
        line, expected = _trailer(blocks, counted)
        if not is_whole(expected, rows, malformed, how):
            raise Refusal(
                "trailer_count",
                f"The trailer on line {line} counts {expected}, the file has {counted}, and {how.words}: "
                "it is not whole.",
                FETCH_AGAIN,
                line=line,
                rows_expected=expected,
            )
    except Refusal as refusal:
        refusal.header_date = header_date
        raise
    return Envelope(header_date, expected, rows + malformed, malformed)


def _trailer(blocks: list[_Found], counted: str) -> tuple[int, int]:
    """The trailer's line and its count. Raises Refusal when it is not at the end, or not readable."""
    for index, block in enumerate(blocks):
        if block.trailer is None:
            continue
        line, after = block.trailer.line, block.after_trailer
        if after is None and index + 1 < len(blocks):
            after = line + 1
        if after is not None:
            detail = f"Line {after} comes after the trailer on line {line}."
            raise Refusal("after_trailer", detail, "Land the files that are in it one by one.", line=after)
        digits = block.trailer.text[31:42].decode("latin-1")
        if not re.fullmatch("[0-9]{11}", digits):
            detail = f"The trailer on line {line} has no count in 32-42: {digits!r}."
            raise Refusal("trailer_count", detail, FETCH_AGAIN, line=line)
        return line, int(digits)
    raise Refusal(
        "no_trailer", f"The file ends after {counted}, without its trailer (99): it is cut.", FETCH_AGAIN
    )


ENTITY = Entity(
    domain="b3",
    name="cotahist",
    table="b3_cotahist",
    description="B3's quotes as in the file: one row per line between header and trailer, as strings.",
    columns=COLUMNS,
    plain_columns=("codneg", "voltot", "line_number"),
    read=read,
    begins=HEADER,
)
