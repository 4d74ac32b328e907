"""COTAHIST: B3's file of quotes, to raw rows. Strings exactly as in the file; only the file as a whole is judged.

When is a file whole? It has a header (00), rows (01) and at its end a trailer (99), whose TOTREG counts the rows, or
the rows and two more (header and trailer; daily files do so). Lines of another width or type are kept as malformed
rows. Such a line is mostly a row that was damaged, so it counts as a row; it may also be one that was never counted
(a blank line) or half of one (a stray line break), so up to as many as there are of them may be missing from TOTREG,
and none from the file: a file with one odd line lands, and a file that lacks lines is refused unless an odd line, kept,
stands in the place of each. In a day's file TOTREG is then known to be two more; in a longer one both ways are seen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from pathlib import Path

import numpy as np
import pyarrow as pa

from ingestion.entity import Entity, Envelope, RowOrigin
from ingestion.fixed_width import Lines, column, load_layout, split_lines
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import FETCH_AGAIN, Text

LAYOUT = load_layout(Path(__file__).with_name("cotahist.csv"))
HEADER, ROW, TRAILER = b"00COTAHIST", b"01", b"99COTAHIST"

BLOCK_BYTES = 4 << 20
HEAD_BLOCKS = 4
TAIL_BYTES = 1 << 16
BLANK = b" \t\r\x1a\x00"

ORIGIN_COLUMNS = (
    ("file_name", pa.string(), "Name of the file as received"),
    ("line_number", pa.int64(), "Line of the text, from 1 (the header)"),
    ("header_date", pa.string(), "Date of the file's header, YYYYMMDD"),
    ("file_scope", pa.string(), "day when most rows have the header's date, otherwise range"),
    ("malformed_line", pa.string(), "Text of a line that is no row by width or type; null otherwise"),
    ("landed_at", pa.timestamp("ms"), "When the file was landed, UTC"),
)
COLUMNS = pa.schema(
    [pa.field(f.name, pa.string(), metadata={"comment": f.description}) for f in LAYOUT.fields]
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
    malformed: tuple[int, ...]
    trailer: _Trailer | None
    after_trailer: int | None


def read(text: Text, parts: PartWriter[_Found], origin: RowOrigin) -> Envelope:
    """Write the rows of a COTAHIST text to `parts`.

    Raises Refusal when the text is empty, is no COTAHIST, is cut, or does not hold as many rows as it says.
    """
    blocks = _blocks(text.pieces())
    head = list(islice(blocks, HEAD_BLOCKS))
    header_date, start = _header(head)
    head[0] = head[0][start:]
    constants = _Constants(
        file_name=origin.file_name,
        header_date=header_date,
        file_scope=_scope(head, header_date),
        landed_at=pa.scalar(origin.landed_at, pa.timestamp("ms")),
    )
    line = 2
    for block in chain(_drained(head), blocks):
        parts.write(partial(_batch, block, line, constants))
        line += block.count(b"\n")
    return _envelope(parts.finish(), constants)


def _blocks(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The text in blocks of whole lines.

    No block but an only one is smaller than TAIL_BYTES, so what may stand after a trailer is in one block with it.
    """
    gathered = bytearray()
    for piece in pieces:
        gathered += piece
        while len(gathered) >= BLOCK_BYTES + TAIL_BYTES:
            cut = gathered.rfind(b"\n", 0, BLOCK_BYTES) + 1
            if cut == 0:
                raise Refusal("not_lines", f"There is no line end in {BLOCK_BYTES} bytes.", FETCH_AGAIN)
            yield bytes(memoryview(gathered)[:cut])
            del gathered[:cut]
    if gathered:
        yield bytes(gathered)


def _drained(blocks: list[bytes]) -> Iterator[bytes]:
    while blocks:
        yield blocks.pop(0)


def _header(head: list[bytes]) -> tuple[str, int]:
    """The header's date, and where the text goes on after the header."""
    if not head:
        raise Refusal("empty", "The file is empty.", FETCH_AGAIN)
    line, _, _ = head[0].partition(b"\n")
    date = line[23:31].decode("latin-1")
    if not line.startswith(HEADER) or not (len(date) == 8 and date.isdecimal()):
        begins = line[:40].decode("latin-1")
        raise Refusal(
            "not_cotahist",
            f"Line 1 is no header of a COTAHIST ('00COTAHIST…' with a date in 24-31): it begins with {begins!r}.",
            "Land files from B3's historical quotes (COTAHIST_D, _M or _A) with this command.",
            line=1,
        )
    return date, len(line) + 1


def _scope(head: list[bytes], header_date: str) -> str:
    """`day` when most rows of the first 16 MiB, four sessions of today, have the header's date."""
    dated = b"\n" + ROW + header_date.encode()
    rows = sum(block.count(b"\n" + ROW) + block.startswith(ROW) for block in head)
    of_date = sum(block.count(dated) + block.startswith(dated[1:]) for block in head)
    return "day" if 2 * of_date > rows or rows == 0 else "range"


def _batch(block: bytes, first_line: int, constants: _Constants) -> tuple[pa.RecordBatch, _Found]:
    """The rows of one block, well-formed ones first, and what else is in it."""
    lines = split_lines(block, LAYOUT, ROW, first_line)
    trailer, after, malformed = _odd(lines)
    count = len(lines.records)
    kept = [text.decode("latin-1") for _, text in malformed]
    columns = [column(lines.records, field.name) for field in LAYOUT.fields]
    if kept:
        columns = [pa.concat_arrays([values, pa.nulls(len(kept), pa.string())]) for values in columns]
    numbers = np.concatenate((lines.numbers, np.array([number for number, _ in malformed], dtype=np.int64)))
    everywhere = count + len(kept)
    batch = pa.record_batch(
        [
            *columns,
            pa.repeat(constants.file_name, everywhere),
            pa.array(numbers),
            pa.repeat(constants.header_date, everywhere),
            pa.repeat(constants.file_scope, everywhere),
            pa.concat_arrays([pa.nulls(count, pa.string()), pa.array(kept, pa.string())]),
            pa.repeat(constants.landed_at, everywhere),
        ],
        schema=COLUMNS,
    )
    return batch, _Found(count, tuple(number for number, _ in malformed), trailer, after)


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


def _envelope(blocks: list[_Found], constants: _Constants) -> Envelope:
    rows = sum(block.rows for block in blocks)
    malformed = [line for block in blocks for line in block.malformed]
    trailers = [index for index, block in enumerate(blocks) if block.trailer]
    refuse = partial(Refusal, header_date=constants.header_date)
    counted = f"{rows} rows (type 01)" + (f" and {len(malformed)} malformed lines" if malformed else "")
    if not trailers:
        raise refuse(
            "no_trailer", f"The file ends without its trailer (99) after {counted}: it is cut.", FETCH_AGAIN
        )
    block = blocks[trailers[0]]
    assert block.trailer is not None  # noqa: S101 (told above)
    after = block.after_trailer
    if after is None and trailers[0] + 1 < len(blocks):
        after = block.trailer.line + 1
    if after is not None:
        detail = f"Line {after} comes after the trailer on line {block.trailer.line}."
        raise refuse("after_trailer", detail, "Land the files that were put together one by one.", line=after)
    digits = block.trailer.text[31:42].decode("latin-1")
    if not (len(digits) == 11 and digits.isdecimal() and digits.isascii()):
        detail = f"The trailer on line {block.trailer.line} has no count in 32-42: {digits!r}."
        raise refuse("trailer_count", detail, FETCH_AGAIN, line=block.trailer.line)
    expected = int(digits)
    if not is_whole(expected, rows, len(malformed), constants.file_scope):
        raise refuse(
            "trailer_count",
            f"The trailer on line {block.trailer.line} counts {expected}, and the file has {counted}: it is cut.",
            FETCH_AGAIN,
            line=block.trailer.line,
            rows_expected=expected,
        )
    return Envelope(constants.header_date, expected, rows + len(malformed), len(malformed))


def is_whole(expected: int, rows: int, malformed: int, file_scope: str) -> bool:
    """Whether a trailer's count fits a file of `rows` rows and `malformed` other lines; the rule is told above."""
    lines = rows + malformed
    if expected in (lines, lines + 2):
        return True
    extra = 2 if file_scope == "day" else 0
    return rows <= expected - extra <= lines


ENTITY = Entity(
    domain="b3",
    name="cotahist",
    table="b3_cotahist",
    description="B3's historical quotes as in the file: one row per line between header and trailer, strings as they are.",
    columns=COLUMNS,
    plain_columns=("line_number", "voltot"),
    read=read,
)
