"""COTAHIST: which files are whole, and what becomes of each of their lines."""

import pytest

from ingestion.b3.cotahist import BLOCK_BYTES, LAYOUT, TAIL_BYTES
from ingestion.b3.whole import OF_A_DAY, OF_A_RECENT_YEAR, OF_OTHERS, Counting, is_whole
from tests.python.ingestion.cotahist_lines import WIDTHS, header, packed, row, rows, text, trailer
from tests.python.ingestion.reading import LANDED_AT, read


def test_the_layout_is_the_one_b3_publishes() -> None:
    assert {field.name: field.width for field in LAYOUT.fields} == WIDTHS
    starts = {field.name: field.start for field in LAYOUT.fields}
    assert starts["preult"] == 109
    assert starts["voltot"] == 171
    assert starts["ptoexe"] == 218
    assert LAYOUT.width == 245
    assert {field.name: field.decimals for field in LAYOUT.fields if field.decimals} == {
        **dict.fromkeys(("preabe", "premax", "premin", "premed", "preult", "preofc", "preofv"), 2),
        **dict.fromkeys(("voltot", "preexe"), 2),
        "ptoexe": 6,
    }


@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_lines_end_with_crlf_or_lf(end: bytes) -> None:
    found = read(text(*rows(3), end=end))
    assert [one["codneg"].strip() for one in found.rows] == ["AAA0", "AAA1", "AAA2"]
    assert [one["line_number"] for one in found.rows] == [2, 3, 4]
    assert found.malformed == {}


def test_lines_may_end_both_ways_in_one_file() -> None:
    a, b, c = rows(3)
    found = read(header() + b"\n" + a + b"\r\n" + b + b"\n" + c + b"\r\n" + trailer(5) + b"\r\n")
    assert [one["codneg"].strip() for one in found.rows] == ["AAA0", "AAA1", "AAA2"]
    assert [one["dismes"] for one in found.rows] == ["224"] * 3


@pytest.mark.parametrize(
    "rest", [b"", b"\r\n", b"\n\n\r\n", b"\x1a", b"\r\n\x1a", b"\r\n\x1a\r\n", b"\r\n  \r\n"]
)
def test_what_may_stand_after_the_trailer(rest: bytes) -> None:
    found = read(text(*rows(3)).removesuffix(b"\r\n") + rest)
    assert found.reason is None
    assert len(found.rows) == 3


def test_a_trailer_without_its_padding_is_one() -> None:
    found = read(text(row()).rstrip())
    assert found.reason is None
    assert len(found.rows) == 1


def test_rows_carry_where_they_come_from() -> None:
    (one,) = read(text(row())).rows
    told = {
        name: one[name] for name in ("file_name", "line_number", "header_date", "file_scope", "landed_at")
    }
    assert told == {
        "file_name": "COTAHIST_D06032026.TXT",
        "line_number": 2,
        "header_date": "20260306",
        "file_scope": "day",
        "landed_at": LANDED_AT,
    }


@pytest.mark.parametrize(
    ("dates", "scope"),
    [
        (["20260306"] * 3, "day"),
        (["20260306", "20260306", "20260305"], "day"),
        (["20260305"] * 3, "day"),
        (["20260305"] * 19 + ["20260230"], "day"),
        (["20260304", "20260305", "20260306"], "range"),
        (["20260304", "20260304", "20260305"], "range"),
        (["20260306", "20260305"], "range"),
        ([], "day"),
    ],
)
def test_the_scope_is_day_when_the_rows_are_of_the_headers_date_or_of_one_other(
    dates: list[str], scope: str
) -> None:
    lines = [row(data=date, codneg=f"AAA{index}") for index, date in enumerate(dates)]
    found = read(text(*lines))
    assert found.reason is None
    assert {one["file_scope"] for one in found.rows} <= {scope}


@pytest.mark.parametrize("besides", [0, 2])
@pytest.mark.parametrize("name", ["COTAHIST_A2026.ZIP", "COTAHIST_M012026.TXT", "COTAHIST.A2026"])
def test_the_first_session_of_a_month_or_year_is_told_by_the_files_name(name: str, besides: int) -> None:
    content = text(*rows(9), count=9 + besides)
    found = read(packed(content) if name.endswith("ZIP") else content, name)
    assert found.reason is None
    assert {one["file_scope"] for one in found.rows} == {"range"}


@pytest.mark.parametrize("content", [bytes(range(256)), b"\x89PNG\r\n\x1a\n" + bytes(99)])
@pytest.mark.parametrize("name", ["COTAHIST_D06032026.TXT", "COTAHIST_D06032026.ZIP"])
def test_of_what_is_no_text_the_first_bytes_are_shown(content: bytes, name: str) -> None:
    refusal = read(content, name).refusal
    assert refusal is not None
    assert f"it begins with the bytes {content[:5].hex(' ')}" in refusal.detail


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (row()[:200], "short"),
        (row() + b"0", "long"),
        (row(tipreg="02"), "another type"),
        (b"", "blank"),
        (b"\x1a", "the end of a file, before its end"),
        (row()[:244], "one short, which with CRLF is as long as a line with LF"),
        (b"99" + row()[2:], "type 99, and no trailer"),
        (header(), "a header inside"),
    ],
)
@pytest.mark.parametrize("end", [b"\r\n", b"\n"])
def test_an_odd_line_is_kept_as_it_is_and_the_file_lands(line: bytes, why: str, end: bytes) -> None:
    found = read(text(row(codneg="AAA0"), line, row(codneg="AAA1"), end=end))
    assert found.reason is None, why
    assert found.malformed == {3: line.decode("latin-1")}
    assert [one["codneg"] for one in found.rows] == ["AAA0        ", None, "AAA1        "]
    assert {one[name] for one in found.rows if one["codneg"] is None for name in WIDTHS} == {None}
    assert found.envelope
    assert (found.envelope.rows, found.envelope.rows_malformed) == (3, 1)


@pytest.mark.parametrize(
    "fields",
    [
        {"preult": "00000000X4211"},
        {"data": "20260230"},
        {"data": "20260305"},
        {"codbdi": "Z9"},
        {"tpmerc": "099"},
        {"fatcot": "0"},
        {"totneg": "     "},
    ],
)
def test_a_row_with_a_fault_lands_as_it_is(fields: dict[str, str]) -> None:
    found = read(text(row(codneg="AAA0"), row(codneg="AAA1"), row(codneg="AAA2", **fields)))
    assert found.reason is None
    line = row(codneg="AAA2", **fields).decode("latin-1")
    assert "".join(found.rows[2][name] for name in WIDTHS) == line


def test_a_key_twice_lands_twice() -> None:
    found = read(text(row(), row(preult="1")))
    assert [one["preult"] for one in found.rows] == ["0000000004211", "0000000000001"]


def test_bytes_from_0x80_on_are_latin_1() -> None:
    found = read(text(row(codneg="AAA0"), row(nomres="AÇÚCAR ÿ\x80\xa0"), row(especi="ÀÁ")))
    assert [one["nomres"] for one in found.rows] == ["PETROBRAS   ", "AÇÚCAR ÿ\x80\xa0  ", "PETROBRAS   "]
    assert found.rows[2]["especi"] == "ÀÁ        "


def test_bytes_from_0x80_on_in_a_malformed_line_are_latin_1() -> None:
    assert read(text(row(), "ação".encode("latin-1"))).malformed == {3: "ação"}


@pytest.mark.parametrize(
    ("content", "reason", "words"),
    [
        (b"", "empty", ["empty"]),
        (b"\r\n", "not_cotahist", ["Line 1"]),
        (b"\x00" * 5000, "not_cotahist", ["Line 1"]),
        (b"DATA;TICKER\n20260306;PETR4\n", "not_cotahist", ["Line 1", "DATA;TICKER"]),
        (b"\r\n".join([row(), trailer(3)]), "not_cotahist", ["Line 1", "0120260306"]),
        (header(date="2026XX06") + b"\r\n" + trailer(2), "not_cotahist", ["24-31"]),
        (text(*rows(5), date="20269999"), "impossible_header_date", ["20269999", "24-31 of line 1"]),
        (text(*rows(5), date="20260229"), "impossible_header_date", ["20260229"]),
        (text(*rows(5), date="00010101"), "impossible_header_date", ["1986"]),
        (header(), "no_trailer", ["0 rows"]),
        (b"\r\n".join([header(), *rows(5)]), "no_trailer", ["5 rows", "cut"]),
        (
            b"\r\n".join([header(), *rows(5), row()[:100]]),
            "no_trailer",
            ["5 rows (type 01) and 1 malformed line,"],
        ),
        (text(*rows(5), count=9), "trailer_count", ["line 7", "9", "5 rows", "not whole"]),
        (text(*rows(5), count=6), "trailer_count", ["6", "5 rows"]),
        (text(*rows(5), count=4), "trailer_count", ["4", "5 rows"]),
        (text(*rows(5)).replace(b"00000000007", b"0000000000X"), "trailer_count", ["32-42"]),
        (text(*rows(2)) + row() + b"\r\n", "after_trailer", ["Line 5", "line 4"]),
        (text(*rows(2)) + b"\r\n" + b"what else\r\n", "after_trailer", ["Line 6", "line 4"]),
        (text(*rows(2)) + text(*rows(2)), "after_trailer", ["Line 5", "line 4"]),
    ],
)
def test_a_file_that_is_not_whole_is_refused(content: bytes, reason: str, words: list[str]) -> None:
    found = read(content)
    assert found.refusal is not None
    assert found.reason == reason
    assert found.rows == []
    for word in words:
        assert word in found.refusal.detail
    assert found.refusal.advice


def test_a_refusal_for_the_count_carries_both_numbers() -> None:
    refusal = read(text(*rows(504), count=1745)).refusal
    assert refusal is not None
    assert (refusal.rows_expected, refusal.header_date, refusal.line) == (1745, "20260306", 506)
    assert "504" in refusal.detail


@pytest.mark.parametrize(
    ("expected", "found", "malformed", "how", "whole"),
    [
        (12, 10, 0, OF_A_DAY, True),
        (10, 10, 0, OF_A_DAY, False),
        (11, 10, 0, OF_A_DAY, False),
        (13, 10, 0, OF_A_DAY, False),
        (10, 10, 0, OF_A_RECENT_YEAR, True),
        (12, 10, 0, OF_A_RECENT_YEAR, False),
        (9, 10, 0, OF_A_RECENT_YEAR, False),
        (10, 10, 0, OF_OTHERS, True),
        (12, 10, 0, OF_OTHERS, True),
        (11, 10, 0, OF_OTHERS, False),
        (9, 10, 0, OF_OTHERS, False),
        # one odd line: a damaged row that was counted, or a line that never was
        (13, 10, 1, OF_A_DAY, True),
        (12, 10, 1, OF_A_DAY, True),
        (11, 10, 1, OF_A_DAY, False),
        (11, 10, 1, OF_A_RECENT_YEAR, True),
        (10, 10, 1, OF_A_RECENT_YEAR, True),
        (13, 10, 1, OF_A_RECENT_YEAR, False),
        (11, 10, 1, OF_OTHERS, True),
        (10, 10, 1, OF_OTHERS, True),
        (13, 10, 1, OF_OTHERS, True),
        # one odd line and a row that is not there
        (14, 10, 1, OF_A_DAY, False),
        (12, 10, 1, OF_A_RECENT_YEAR, False),
        (12, 10, 1, OF_OTHERS, False),
        # a row broken in two
        (13, 10, 2, OF_A_DAY, True),
        (11, 10, 2, OF_A_RECENT_YEAR, True),
        (11, 10, 2, OF_OTHERS, True),
    ],
)
def test_when_a_count_is_whole(expected: int, found: int, malformed: int, how: Counting, whole: bool) -> None:
    assert is_whole(expected, found, malformed, how) is whole


YEAR = [f"2026{month:02d}05" for month in range(1, 10)]
OLDER_YEAR = [f"2020{month:02d}05" for month in range(1, 10)]
MONTH = [f"202603{day:02d}" for day in range(2, 7)]


@pytest.mark.parametrize(
    ("dates", "header_date", "besides", "reason"),
    [
        (["20260306"] * 9, "20260306", 2, None),
        (["20260306"] * 9, "20260306", 0, "trailer_count"),
        (["20260305"] * 9, "20260306", 0, "trailer_count"),
        (YEAR, "20260905", 0, None),
        (YEAR, "20260905", 2, "trailer_count"),
        (YEAR, "20270104", 0, None),
        (YEAR, "20270104", 2, "trailer_count"),
        (OLDER_YEAR, "20201230", 0, None),
        (OLDER_YEAR, "20201230", 2, None),
        (OLDER_YEAR, "20201230", 1, "trailer_count"),
        (MONTH, "20260306", 0, None),
        (MONTH, "20260306", 2, None),
        (MONTH, "20260401", 2, None),
        (MONTH, "20260306", 1, "trailer_count"),
        (MONTH, "20260306", 3, "trailer_count"),
    ],
)
def test_each_kind_of_file_counts_in_its_own_way(
    dates: list[str], header_date: str, besides: int, reason: str | None
) -> None:
    lines = [row(data=date, codneg=f"AAA{index}") for index, date in enumerate(dates)]
    assert read(text(*lines, count=len(lines) + besides, date=header_date)).reason == reason


@pytest.mark.parametrize("lost", [1, 2, 3, 40])
@pytest.mark.parametrize("odd", [0, 1])
def test_a_recent_years_file_that_lost_more_rows_than_it_has_odd_lines_never_lands(
    lost: int, odd: int
) -> None:
    lines = [row(data=YEAR[index // 6], codneg=f"AAA{index}") for index in range(50)]
    kept = lines[: 50 - lost - odd] + [b"odd"] * odd
    assert read(text(*lines, count=50, date="20260918")).reason is None
    refusal = read(text(*kept, count=50, date="20260918")).refusal
    assert refusal is not None
    assert refusal.reason == "trailer_count"
    assert "a year's file of 2025 or later counts them and nothing more" in refusal.detail


@pytest.mark.parametrize("lost", [1, 2, 3, 40])
@pytest.mark.parametrize("odd", [0, 1])
def test_a_days_file_that_lost_more_rows_than_it_has_odd_lines_never_lands(lost: int, odd: int) -> None:
    lines = rows(50) + [b"odd"] * odd
    complete = len(lines) + 2
    assert read(text(*lines, count=complete)).reason is None
    assert read(text(*lines[lost + odd :], *[b"odd"] * odd, count=complete)).reason == "trailer_count"


def test_a_file_of_many_blocks_is_read_like_a_small_one() -> None:
    many = 3 * BLOCK_BYTES // 247
    lines = rows(many)
    lines[many // 2] = row()[:99]
    found = read(text(*lines))
    assert found.envelope
    assert (found.envelope.rows, found.envelope.rows_malformed) == (many, 1)
    assert [one["line_number"] for one in found.rows] == list(range(2, many + 2))
    assert list(found.malformed) == [many // 2 + 2]
    assert found.rows[-1]["codneg"].strip() == f"AAA{many - 1}"


@pytest.mark.parametrize("besides", range(-2, 3))
def test_a_trailer_at_the_border_of_two_blocks_is_found(besides: int) -> None:
    count = (BLOCK_BYTES + TAIL_BYTES) // 247 + besides
    found = read(text(*rows(count)) + b"\r\n\x1a")
    assert found.reason is None
    assert len(found.rows) == count


def test_rows_after_a_trailer_many_blocks_before_are_seen() -> None:
    count = 2 * BLOCK_BYTES // 247
    refusal = read(text(*rows(10)) + b"".join(line + b"\r\n" for line in rows(count))).refusal
    assert refusal is not None
    assert (refusal.reason, refusal.line) == ("after_trailer", 13)


def test_a_text_without_line_ends_is_refused_before_it_fills_the_memory() -> None:
    assert read(header() + b"\r\n" + b"\x00" * (3 * BLOCK_BYTES)).reason == "not_lines"
