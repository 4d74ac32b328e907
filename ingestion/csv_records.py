"""CSV text to records without work per value: blocks of whole records, and in them where each record is.

A record ends with LF or CRLF outside quotes; blank lines are none. A quote opens a quoted value at the
beginning of a field and nowhere else, as everybody reads CSV. Blocks in which every quote stands where a
writer of CSV puts it are cut up by arithmetic on positions; one with a stray quote is gone through record by
record. A quote that is never closed, or not within RECORD_LIMIT, makes its line a record that is not
`closed`, and reading goes on with the next line.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ingestion.refusal import Refusal

RECORD_LIMIT = 1 << 20
NEWLINE, RETURN, QUOTE = b"\n"[0], b"\r"[0], b'"'[0]

Positions = NDArray[np.int64]
Mask = NDArray[np.bool_]
Bytes = NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where records begin and end (line end left out), and whether all their quotes are closed.

    They are `adjacent` when nothing but one line end is between them: there are no blank lines.
    """

    starts: Positions
    ends: Positions
    closed: Mask
    adjacent: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Whole records of a text, the last one ended; its first line is number `first_line` of the text.

    `bounds` is given where the records had to be looked at one by one; every quote is regular otherwise.
    """

    text: bytes
    first_line: int
    bounds: Bounds | None = None


def blocks(pieces: Iterable[bytes], separator: bytes, first_line: int = 1) -> Iterator[Block]:
    """The text in blocks of whole records. Raises Refusal when a line is longer than RECORD_LIMIT."""
    held, line = b"", first_line
    for piece in pieces:
        held += piece
        block, held = _cut(held, separator, line, final=False)
        if block.text:
            yield block
            line += int(np.count_nonzero(np.frombuffer(block.text, np.uint8) == NEWLINE))
        if len(held) > RECORD_LIMIT and b"\n" not in held[: RECORD_LIMIT + 1]:
            detail = f"Line {line} is longer than {RECORD_LIMIT} bytes."
            raise Refusal("line_too_long", detail, "Send a CSV with one record per line.", line=line)
    if held:
        block, _ = _cut(held if held.endswith(b"\n") else held + b"\n", separator, line, final=True)
        yield block


def bounds(block: Block) -> Bounds:
    """Where the records of a block are; blank lines are left out."""
    if block.bounds is not None:
        return block.bounds
    text = np.frombuffer(block.text, np.uint8)
    newlines = np.flatnonzero(text == NEWLINE)
    if b'"' in block.text:
        newlines = newlines[outside_quotes(newlines, np.flatnonzero(text == QUOTE))]
    starts = np.zeros_like(newlines)
    starts[1:] = newlines[:-1] + 1
    returned = (newlines > starts) & (text[np.maximum(newlines - 1, 0)] == RETURN)
    ends = newlines - returned
    there = ends > starts
    if there.all():
        return Bounds(starts, ends, there, adjacent=True)
    return Bounds(starts[there], ends[there], there[there], adjacent=False)


def outside_quotes(positions: Positions, quotes: Positions) -> Mask:
    """Which of the positions are outside quotes, all quotes being regular."""
    outside: Mask = np.searchsorted(quotes, positions) % 2 == 0
    return outside


def separators(text: bytes, separator: bytes) -> Positions:
    """Where the separators between fields are in a block whose quotes are regular."""
    array = np.frombuffer(text, np.uint8)
    found = np.flatnonzero(array == separator[0])
    if b'"' in text:
        found = found[outside_quotes(found, np.flatnonzero(array == QUOTE))]
    return found


def fields(record: bytes, separator: bytes) -> list[bytes]:
    """The values of one closed record, quoting undone; what follows a closing quote belongs to the value."""
    values = []
    for found in _field(separator).finditer(record):
        quoted, after, plain = found.groups()
        values.append(plain if quoted is None else quoted.replace(b'""', b'"') + after)
    return values


def _cut(text: bytes, separator: bytes, line: int, final: bool) -> tuple[Block, bytes]:
    """The whole records that `text` begins with, and the rest of it."""
    if b'"' not in text:
        end = text.rfind(b"\n") + 1
        return Block(text[:end], line), text[end:]
    array = np.frombuffer(text, np.uint8)
    quotes = np.flatnonzero(array == QUOTE)
    if _regular(array, quotes, separator) and not (final and len(quotes) % 2):
        newlines = np.flatnonzero(array == NEWLINE)
        ends = newlines[outside_quotes(newlines, quotes)]
        end = int(ends[-1]) + 1 if len(ends) else 0
        if len(text) - end <= RECORD_LIMIT:
            return Block(text[:end], line), text[end:]
    found, end = _one_by_one(text, separator, final)
    return Block(text[:end], line, found), text[end:]


def _regular(text: Bytes, quotes: Positions, separator: bytes) -> bool:
    """Whether the quotes open and close in turn, at the beginning and end of fields, doubled ones aside."""
    opening, closing = quotes[::2], quotes[1::2]
    before = text[np.maximum(opening - 1, 0)]
    opens = (opening == 0) | (before == separator[0]) | (before == NEWLINE)
    opens[1:] |= opening[1:] == closing[: len(opening) - 1] + 1
    after = text[np.minimum(closing + 1, len(text) - 1)]
    beyond = text[np.minimum(closing + 2, len(text) - 1)]
    closes = (closing + 1 == len(text)) | (after == separator[0]) | (after == NEWLINE) | (after == QUOTE)
    closes |= (after == RETURN) & ((closing + 2 >= len(text)) | (beyond == NEWLINE))
    return bool(opens.all() and closes.all())


def _one_by_one(text: bytes, separator: bytes, final: bool) -> tuple[Bounds, int]:
    """The records of `text` looked for one after another, and where the last one that is whole ends."""
    starts, ends, closed = [], [], []
    record = _record(separator)
    at = 0
    while at < len(text):
        found = record.match(text, at, at + RECORD_LIMIT)
        if not found and not final and len(text) - at <= RECORD_LIMIT:
            break
        end = found.end() - 1 if found else text.find(b"\n", at)
        if end < 0:
            break
        bare = end - 1 if text[at:end].endswith(b"\r") else end
        if bare > at:
            starts.append(at)
            ends.append(bare)
            closed.append(found is not None)
        at = end + 1
    positions = np.array(starts, np.int64), np.array(ends, np.int64)
    return Bounds(*positions, np.array(closed, np.bool_), adjacent=False), at


@cache
def _record(separator: bytes) -> re.Pattern[bytes]:
    """One record with its end: an opening quote has to be closed; the rest of a field may hold quotes."""
    inside = rb'"[^"]*+(?:""[^"]*+)*+"'
    rest = b"[^" + separator + rb"\n]*+"
    field = b"(?:" + inside + rest + b'|(?!")' + rest + b")"
    return re.compile(field + b"(?:" + separator + field + b")*+\n")


@cache
def _field(separator: bytes) -> re.Pattern[bytes]:
    """One field of a record, at its beginning or after a separator: quoted text and what follows, or text."""
    rest = b"[^" + separator + rb"]*+"
    return re.compile(
        b"(?:^|" + separator + rb')(?:"([^"]*+(?:""[^"]*+)*+)"(' + rest + b")|(" + rest + b"))", re.DOTALL
    )
