"""Whatever texts a table holds and in whatever form it is written, its raw rows are those texts."""

import csv
import hashlib
import io
import json
from dataclasses import dataclass
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion import csv_records
from ingestion.cards import reading
from ingestion.csv_records import Block, blocks, bounds, fields
from ingestion.refusal import Refusal
from tests.python.ingestion.cards.texts import INVOICE_HEADER, read

NAMES = INVOICE_HEADER.split(",")
CHARACTERS = st.characters(max_codepoint=0xFF, exclude_characters="\0")
ODD = st.sampled_from(
    ["", '"', '""', ",", ";", "\n", "\r\n", "\r", 'a"b', " ", "é", "2023-03-01", "1.234,56"]
)
VALUES = st.one_of(ODD, st.text(CHARACTERS, max_size=8))
QUOTINGS: list[Literal[0, 1]] = [csv.QUOTE_MINIMAL, csv.QUOTE_ALL]


@dataclass(frozen=True)
class Written:
    """How a table is written."""

    separator: str
    line_end: str
    encoding: str
    quoting: Literal[0, 1]
    last_ended: bool
    piece: int


FORMS = st.builds(
    Written,
    separator=st.sampled_from([",", ";"]),
    line_end=st.sampled_from(["\n", "\r\n"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1"]),
    quoting=st.sampled_from(QUOTINGS),
    last_ended=st.booleans(),
    piece=st.sampled_from([7, 64, 4 << 20]),
)


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(st.lists(VALUES, min_size=8, max_size=8), min_size=1, max_size=8),
    order=st.permutations(range(8)),
    form=FORMS,
)
def test_any_table_of_texts_is_read_back_as_it_was_written(
    rows: list[list[str]], order: list[int], form: Written
) -> None:
    # a date of the file's month, or all of the file is refused as another month's; and one character that
    # is not ASCII before all others, which tells the encoding that the rest has to be in
    rows = [["1-1", "1", "2023-03-05", "", "", "", "É", ""], *rows]
    header = [*NAMES, "Nome", "observação"]
    lines = [[row[place] for place in order] for row in [header, *rows]]
    content, as_they_stand = written(lines, form)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BLOCK_BYTES", max(form.piece, len(as_they_stand[0]) + 8))
        found = read(content)
    assert found.reason is None, str(found.refusal)
    assert [[one[name] for name in NAMES] for one in found.rows] == [row[:6] for row in rows]
    others = [header[place] for place in order if place >= 6]
    assert [json.loads(one["other_columns"]) for one in found.rows] == [
        {name: row[header.index(name)] for name in others} for row in rows
    ]
    hashes = [hashlib.sha256(one).hexdigest() for one in as_they_stand[1:]]
    assert [one["row_hash"] for one in found.rows] == hashes
    text = content.decode(form.encoding)
    starts = [text[: text.index(text_of(one, form))].count("\n") + 1 for one in as_they_stand[1:2]]
    assert [one["line_number"] for one in found.rows][:1] == starts


def written(lines: list[list[str]], form: Written) -> tuple[bytes, list[bytes]]:
    """The text of a file, and its records without their line ends."""
    records = []
    for line in lines:
        buffer = io.StringIO(newline="")
        # a record always ends with CRLF for the writer, so that it quotes what has either of them in it
        csv.writer(buffer, delimiter=form.separator, quoting=form.quoting, lineterminator="\r\n").writerow(
            line
        )
        records.append(buffer.getvalue().removesuffix("\r\n"))
    text = form.line_end.join(records) + (form.line_end if form.last_ended else "")
    return text.encode(form.encoding), [one.encode(form.encoding.removesuffix("-sig")) for one in records]


def text_of(record: bytes, form: Written) -> str:
    return record.decode(form.encoding.removesuffix("-sig"))


@settings(max_examples=120, deadline=None)
@given(
    text=st.lists(
        st.sampled_from([b'"', b",", b"\n", b"\r\n", b"a", b'""', b'"a,b"', b"1,2\n", b'"x\ny"']), max_size=30
    ).map(b"".join),
    size=st.integers(1, 12),
)
def test_no_byte_is_lost_and_blocks_change_nothing(text: bytes, size: int) -> None:
    whole = records(list(blocks([text], b",")))
    pieces = [text[at : at + size] for at in range(0, len(text), size)]
    assert records(list(blocks(pieces, b","))) == whole
    # what is no record is line ends between them
    rest = text
    for _, record in whole:
        before, _, rest = rest.partition(record)
        assert not before.strip(b"\r\n")
    assert not rest.strip(b"\r\n")


@settings(max_examples=120, deadline=None)
@given(
    text=st.lists(st.sampled_from([b'"', b",", b"\n", b"a", b'""', b'"a,b"', b"1,2\n"]), max_size=25).map(
        b"".join
    )
)
def test_records_and_fields_are_those_of_pythons_own_reader_where_quotes_are_closed(text: bytes) -> None:
    found = list(blocks([text], b","))
    closed = all(bounds(block).closed.all() for block in found)
    if not closed:
        return
    expected = [row for row in csv.reader(io.StringIO(text.decode(), newline="")) if row]
    got = [[value.decode() for value in fields(record, b",")] for _, record in records(found)]
    assert got == expected


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=400))
def test_any_bytes_are_refused_and_never_a_crash(content: bytes) -> None:
    assert read(content).refusal is not None


@settings(max_examples=60, deadline=None)
@given(rest=st.binary(max_size=300))
def test_whatever_comes_after_a_header_is_rows_or_a_refusal(rest: bytes) -> None:
    found = read(INVOICE_HEADER.encode() + b"\n" + rest)
    if found.refusal is None:
        assert found.rows
    else:
        assert found.reason in ("unreadable_encoding", "no_rows", "other_month")


def test_a_quote_that_is_never_closed_costs_one_line_and_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_records, "RECORD_LIMIT", 64)
    lines = [b"a,b", b'"open,c', *[b"d,e"] * 200]
    text = b"\n".join(lines) + b"\n"
    pieces = [text[at : at + 16] for at in range(0, len(text), 16)]
    found = list(blocks(pieces, b","))
    assert [record for _, record in records(found)] == lines
    assert max(len(block.text) for block in found) < 200
    assert [bool(one) for block in found for one in bounds(block).closed] == [
        True,
        False,
        *[True] * 200,
    ]


def test_a_text_without_line_ends_is_refused_before_it_fills_the_memory() -> None:
    def endless() -> object:
        for _ in range(1000):
            yield b"x" * (1 << 18)

    with pytest.raises(Refusal, match="line_too_long"):
        list(blocks(endless(), b","))  # type: ignore[arg-type]


def records(found: list[Block]) -> list[tuple[int, bytes]]:
    """All records with the line that their block begins on."""
    return [
        (block.first_line + block.text.count(b"\n", 0, start), block.text[start:end])
        for block in found
        for start, end in zip(bounds(block).starts.tolist(), bounds(block).ends.tolist(), strict=True)
    ]
