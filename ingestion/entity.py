"""What a domain says about one of its files, and what it gets and gives while a file is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from ingestion.parts import PartWriter
from ingestion.text import Text


@dataclass(frozen=True, slots=True)
class RowOrigin:
    """What every row of a file carries about where it came from. `landed_at` is UTC without a zone."""

    file_name: str
    landed_at: datetime


@dataclass(frozen=True, slots=True)
class Envelope:
    """What was found around and about the rows of a whole file.

    `rows` counts all raw rows, `rows_malformed` those among them that are kept as bare text; `header_date`
    (YYYYMMDD) and `rows_expected`, its own count in its own way, are what the file says, if it does. `named`
    is what its name alone tells of its rows: the same text by another such name is another file.
    """

    header_date: str | None
    rows_expected: int | None
    rows: int
    rows_malformed: int
    named: str | None = None


Reader = Callable[[Text, PartWriter[Any], RowOrigin], Envelope]


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of file of one domain, and the raw table it lands in.

    `read` writes the rows of a text as parts and returns its envelope; it raises Refusal when the file as a
    whole is not to be trusted. `begins` is what every such text begins with. `columns` is the schema of the
    parts, each field with its comment in its metadata; `plain_columns` have so many values that a dictionary
    of them is only in the way. `period_of` tells the month (YYYYMM) of a file by its name, where names have
    one.
    """

    domain: str
    name: str
    table: str
    description: str
    columns: pa.Schema
    plain_columns: tuple[str, ...]
    read: Reader
    begins: bytes = b""
    period_of: Callable[[str], str | None] = lambda _name: None
