"""The header of a file of cards: which separator it has, and which column stands where."""

from collections import Counter
from dataclasses import dataclass

from ingestion.csv_records import fields
from ingestion.encoding import found_in
from ingestion.refusal import Refusal

SEPARATORS = (b",", b";")
SHOWN = 80
SEND_AGAIN = "Ask for the file again in its usual columns; this one is kept under files/ as it came."


@dataclass(frozen=True, slots=True)
class Header:
    """Places of the expected columns (`columns`) and of the rest (`others`) among the `width` of all."""

    separator: bytes
    width: int
    columns: dict[str, int]
    others: dict[str, int]


def header(line: bytes, expected: tuple[str, ...]) -> Header:
    """What line 1 says, names in whatever order and case.

    The separator is the one by which more of the expected names are found. Raises Refusal when one of them is
    missing all the same, or a name is there twice.
    """
    text = line.rstrip(b"\r\n").decode(found_in(line) or "utf-8").encode("utf-8")
    ways = {separator: _names(text, separator) for separator in SEPARATORS}
    separator, names = max(ways.items(), key=lambda way: len(set(expected) & set(map(_plain, way[1]))))
    plain = [_plain(name) for name in names]
    if missing := [name for name in expected if name not in plain]:
        shown = text[:SHOWN].decode("utf-8", "ignore")
        detail = f"The header has no column {', '.join(missing)}; line 1 is {shown!r}."
        raise Refusal("missing_column", detail, SEND_AGAIN, line=1)
    if twice := [name for name, times in Counter(plain).items() if times > 1]:
        detail = f"The header has {', '.join(twice)} more than once: which one counts cannot be told."
        raise Refusal("duplicate_column", detail, SEND_AGAIN, line=1)
    places = {name: plain.index(name) for name in expected}
    others = {name: place for place, name in enumerate(names) if place not in places.values()}
    return Header(separator, len(names), places, others)


def _names(text: bytes, separator: bytes) -> list[str]:
    """The names as they stand; one without a name is called by its place."""
    names = [name.decode("utf-8").strip() for name in fields(text, separator)]
    return [name or f"column_{place}" for place, name in enumerate(names, start=1)]


def _plain(name: str) -> str:
    return name.casefold()
