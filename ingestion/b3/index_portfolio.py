"""The portfolio of an index, to raw rows: one for each asset, as texts, its header beside it.

There are two answers: the portfolio of a day, whose header has the date, and the theoretical one of a
quadrimester, whose header has none: its day, on which it was asked for, is in the file's name.
"""

import re
from datetime import date

from ingestion.b3.answers import Record, content, paged, read_json, row, schema, write
from ingestion.b3.forms import Language, day, language
from ingestion.entity import Entity, Envelope, RowOrigin
from ingestion.expected import raw_table, sources_of
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import Text

TABLE = raw_table("b3_index_portfolio", sources_of("b3"))
COLUMNS = schema(TABLE)
CALLED = "…_<index>….json or …_<index>_<YYYYMMDD>….json, such as IndexPortfolio_IBOV.json"
HEADER = ("part", "reductor", "theoricalqty")
_NAME = re.compile(r"_(?P<code>[A-Z][A-Z0-9]{2,5})(?:_(?P<day>[0-9]{8}))?(?![A-Za-z0-9_])")


def read(text: Text, parts: PartWriter[int], origin: RowOrigin) -> Envelope:
    """Write the assets of a portfolio to `parts`.

    Raises Refusal when the answer is not whole, has no asset, or when neither it nor the file's name tells
    index and day.
    """
    named = _NAME.search(origin.file_name)
    if not named:
        detail = f"{origin.file_name} tells no index, and neither does the answer; files are called {CALLED}."
        raise Refusal("unknown_name", detail, "Give it the name of its index, and land it again.")
    answer = paged(read_json(content(text)), f"it knows no index {named['code']}")
    if not answer.records:
        raise Refusal("no_assets", "The portfolio has no asset.", "Ask again later.")
    rows = [row(record, TABLE.expected, COLUMNS.names) for record in answer.records]
    numbers = [value for one in (answer.header, *rows) for name, value in one.items() if name in HEADER]
    form = language(numbers, otherwise="pt-br")
    said = answer.header.get("date")
    of_day = _day(said, form, named["day"], origin)
    constants: Record = {
        "index_code": named["code"],
        "header_date": of_day if said else None,
        "name_date": None if said else of_day,
        "language": form,
        **{f"header_{name}": answer.header.get(name) for name in HEADER},
    }
    malformed = write(parts, COLUMNS, rows, constants, origin)
    by_name = named["code"] if said else f"{named['code']} {of_day}"
    return Envelope(of_day, None, len(rows), malformed, by_name)


def _day(said: str | None, form: Language, named: str | None, origin: RowOrigin) -> str:
    """The day (YYYYMMDD) of the portfolio, of its header or else of the file's name. Raises Refusal."""
    if not said and not named:
        detail = f"Neither the answer nor its name tells the day; files are called {CALLED}."
        raise Refusal("no_date", detail, "Give it the name of its index and day, and land it again.")
    found = day(said, form) if said else _named_day(named or "")
    if found is None or found > origin.landed_at.date():
        detail = f"{said or named!r}, the portfolio's day as in {form}, is no day, or none that has been."
        raise Refusal("impossible_header_date", detail, "Look at where it came from, and ask again.")
    return f"{found:%Y%m%d}"


def _named_day(digits: str) -> date | None:
    try:
        return date.fromisoformat(digits)
    except ValueError:
        return None


ENTITY = Entity(
    domain="b3",
    name="index_portfolio",
    table=TABLE.name,
    description=TABLE.description,
    columns=COLUMNS,
    plain_columns=("theoricalqty", "line_number"),
    read=read,
)
