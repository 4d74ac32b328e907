"""Whatever a text holds, what is read of it is the text."""

import hashlib

from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.b3.cotahist import ROW
from tests.python.ingestion.cotahist_lines import WIDTHS, header, packed, rows, text, trailer
from tests.python.ingestion.reading import read

CHARACTERS = st.characters(max_codepoint=0xFF, exclude_characters="\r\n")
RECORDS = st.text(CHARACTERS, min_size=243, max_size=243).map(lambda rest: ROW.decode() + rest)
ODD = st.text(CHARACTERS, max_size=300).filter(
    lambda line: not line.startswith("99COTAHIST") and not (len(line) == 245 and line.startswith("01"))
)
ENDS = st.sampled_from([b"\n", b"\r\n"])
# of that year every kind of file may count two more than its rows, whatever dates the rows have
OLDER = "20201230"
WHOLE = text(*rows(3))
PACKED = packed(WHOLE)
LINES = st.lists(st.tuples(st.one_of(RECORDS, RECORDS, ODD), ENDS), max_size=12)


@settings(max_examples=150, deadline=None)
@given(lines=LINES, header_end=ENDS)
def test_every_line_is_there_once_as_its_fields_or_as_it_is(
    lines: list[tuple[str, bytes]], header_end: bytes
) -> None:
    body = b"".join(line.encode("latin-1") + end for line, end in lines)
    found = read(header(OLDER) + header_end + body + trailer(len(lines) + 2, OLDER))
    assert found.reason is None
    assert [one["line_number"] for one in found.rows] == list(range(2, len(lines) + 2))
    assert [_text(one) for one in found.rows] == [line for line, _ in lines]


@settings(max_examples=60, deadline=None)
@given(records=st.lists(RECORDS, min_size=1, max_size=8))
def test_fields_are_slices_of_the_line(records: list[str]) -> None:
    body = b"".join(record.encode("latin-1") + b"\r\n" for record in records)
    found = read(header(OLDER) + b"\r\n" + body + trailer(len(records) + 2, OLDER))
    for one, record in zip(found.rows, records, strict=True):
        at = 0
        for name, width in WIDTHS.items():
            assert one[name] == record[at : at + width]
            at += width


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=600))
def test_any_bytes_are_refused_and_never_a_crash(content: bytes) -> None:
    assert read(content).refusal is not None


@settings(max_examples=300, deadline=None)
@given(
    flips=st.lists(st.tuples(st.integers(0, len(PACKED) - 1), st.integers(1, 255)), max_size=4),
    length=st.one_of(st.just(len(PACKED)), st.integers(4, len(PACKED))),
)
def test_a_damaged_zip_is_refused_or_gives_the_text_that_was_packed(
    flips: list[tuple[int, int]], length: int
) -> None:
    content = bytearray(PACKED)
    for at, mask in flips:
        content[at] ^= mask
    found = read(bytes(content[:length]), "COTAHIST_D06032026.ZIP")
    assert found.refusal is not None or found.file_hash == hashlib.sha256(WHOLE).hexdigest()


def _text(one: dict[str, str | None]) -> str | None:
    if one["malformed_line"] is not None:
        return one["malformed_line"]
    return "".join(str(one[name]) for name in WIDTHS)
