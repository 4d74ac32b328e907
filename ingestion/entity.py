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

    `rows` counts all raw rows, `rows_malformed` those among them that are kept as bare text;
    `rows_expected` is the file's own count, in its own way of counting.
    """

    header_date: str
    rows_expected: int
    rows: int
    rows_malformed: int


Reader = Callable[[Text, PartWriter[Any], RowOrigin], Envelope]


@dataclass(frozen=True, slots=True)
class Entity:
    """One kind of file of one domain, and the raw table it lands in.

    `read` writes the rows of a text as parts and returns its envelope; it raises Refusal when the file as a
    whole is not to be trusted. `begins` is what every such text begins with. `columns` is the schema of the
    parts, each field with its comment in its metadata; `plain_columns` have so many values that a dictionary
    of them is only in the way.
    """

    domain: str
    name: str
    table: str
    description: str
    columns: pa.Schema
    plain_columns: tuple[str, ...]
    read: Reader
    begins: bytes
