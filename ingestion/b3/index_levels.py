"""The levels of indices, to raw rows: one for each level, as text. Of an answer of B3's, or of a CSV.

A year's answer has a row for each day of a month and in it a level for each month, null where there was no
session; index and year are in the file's name. A CSV has a line for each level: index, date and level, under
any of the names that are known for them, in any order.
"""

import csv
import re
from collections.abc import Iterator
from typing import Any

from ingestion.b3.answers import ASK_AGAIN, Record, as_json, content, paged, read_json, schema, texts, write
from ingestion.b3.forms import language
from ingestion.entity import Entity, Envelope, RowOrigin
from ingestion.expected import raw_table, sources_of
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import Text

TABLE = raw_table("b3_index_levels", sources_of("b3"), marked=False)
COLUMNS = schema(TABLE)
CALLED = "…_<index>_<year>….json, such as IndexLevels_IBOV_2022.json"
NAMES = {
    "index_code": ("index", "index_name", "symbol"),
    "refdate": ("date", "refdate"),
    "ratevalue": ("level", "value"),
}
_NAME = re.compile(r"_(?P<code>[A-Z][A-Z0-9]{2,5})_(?P<year>[0-9]{4})(?![0-9])")
_MONTHS = {f"ratevalue{month}": month for month in range(1, 13)}


def read(text: Text, parts: PartWriter[int], origin: RowOrigin) -> Envelope:
    """Write the levels of a file to `parts`.

    Raises Refusal when it is neither an answer nor a CSV, has no level, or when its name does not tell what
    an answer leaves out.
    """
    held, by_name = content(text), None
    if held.lstrip()[:1] in (b"{", b"["):
        named = _named(origin.file_name)
        by_name = f"{named['code']} {named['year']}"
        rows = list(_of_answer(read_json(held), **named))
        form = language((row.get("ratevalue") for row in rows), otherwise="pt-br")
    else:
        rows = list(_of_csv(held))
        form = language((row.get("ratevalue") for row in rows), otherwise="en-us")
    if not rows:
        raise Refusal("no_levels", "The file has no level: there was no session yet.", ASK_AGAIN)
    malformed = write(parts, COLUMNS, rows, {"language": form}, origin)
    return Envelope(None, None, len(rows), malformed, by_name)


def _named(file_name: str) -> dict[str, str]:
    """The index (`code`) and the `year` that the name of an answer tells. Raises Refusal."""
    if not (named := _NAME.search(file_name)):
        detail = (
            f"{file_name} tells no index and year, and neither does the answer; files are called {CALLED}."
        )
        raise Refusal("unknown_name", detail, "Give it the name of its index and year, and land it again.")
    return named.groupdict()


def _of_answer(answer: Any, code: str, year: str) -> Iterator[Record]:
    """The levels of a year, day by day and in it month by month. Raises Refusal."""
    found = paged(answer, f"it knows no index {code}, or no year {year} of it")
    for record in found.records:
        days = texts(record) if isinstance(record, dict) else {}
        day = days.get("day")
        if day is None or not day.isdecimal() or not days.keys() >= _MONTHS.keys():
            yield {"malformed_line": as_json(record)}
            continue
        for name, month in _MONTHS.items():
            if (level := days[name]) is not None:
                yield {
                    "index_code": code,
                    "refdate": f"{year}-{month:02d}-{int(day):02d}",
                    "ratevalue": level,
                }


def _of_csv(held: bytes) -> Iterator[Record]:
    """The levels of a CSV, line by line. Raises Refusal."""
    lines = _decoded(held).splitlines()
    separator = max(",;", key=lines[0].count)
    header = [name.strip().casefold() for name in _fields(lines[0], separator)]
    places = {column: _place(header, names) for column, names in NAMES.items()}
    if missing := [NAMES[column][0] for column, place in places.items() if place is None]:
        detail = (
            f"It is neither an answer of B3's nor a CSV of levels: line 1 has no column {', '.join(missing)};"
            f" it is {lines[0][:80]!r}."
        )
        raise Refusal("missing_column", detail, "A CSV of levels begins with: index,date,level.", line=1)
    for line in filter(str.strip, lines[1:]):
        fields = _fields(line, separator)
        if len(fields) == len(header):
            yield {column: fields[place] for column, place in places.items() if place is not None}
        else:
            yield {"malformed_line": line}


def _fields(line: str, separator: str) -> list[str]:
    """The fields of a line; none where it is no line of a CSV, as one with a field without an end."""
    try:
        return next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        return []


def _place(header: list[str], names: tuple[str, ...]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _decoded(held: bytes) -> str:
    try:
        return held.decode("utf-8-sig")
    except UnicodeDecodeError:
        return held.decode("latin-1")


ENTITY = Entity(
    domain="b3",
    name="index_levels",
    table=TABLE.name,
    description=TABLE.description,
    columns=COLUMNS,
    plain_columns=("refdate", "ratevalue", "line_number"),
    read=read,
)
