"""The files of cards: invoices, payments, and what is called like neither."""

from functools import partial
from typing import Any, NoReturn

import pyarrow as pa

from ingestion.cards.names import FORM, named
from ingestion.cards.pairs import remarks
from ingestion.cards.reading import read, schema
from ingestion.entity import Entity, RowOrigin
from ingestion.expected import raw_table, sources_of
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.source import Source
from ingestion.text import Text

# columns of so many values, nearly one for each row, that Parquet gains nothing by a dictionary of them
PLAIN = (
    "id_fatura",
    "id_cliente",
    "id_pagamento",
    "valor_fatura",
    "valor_pagamento_minimo",
    "valor_pagamento",
    "other_columns",
    "row_hash",
    "line_number",
)


def _entity(kind: str) -> Entity:
    table = raw_table(f"cards_{kind}", sources_of("cards"))
    columns = schema(table)
    return Entity(
        domain="cards",
        name=kind,
        table=table.name,
        description=table.description,
        columns=columns,
        plain_columns=tuple(name for name in columns.names if name in PLAIN),
        read=partial(read, table),
        period_of=_period,
    )


def _period(name: str) -> str | None:
    found = named(name)
    return found.period if found else None


def _refuse(_text: Text, _parts: PartWriter[Any], origin: RowOrigin) -> NoReturn:
    detail = f"{origin.file_name} tells no table and month; files are called {FORM}."
    raise Refusal("unknown_name", detail, "Give it the name of its table and month, and land it again.")


INVOICES, PAYMENTS = _entity("tb_faturas"), _entity("tb_pagamentos")
UNKNOWN = Entity(
    domain="cards",
    name="unknown",
    table="",
    description="A file that is called like none of the domain's.",
    columns=pa.schema([]),
    plain_columns=(),
    read=_refuse,
)
_BY_KIND = {entity.name: entity for entity in (INVOICES, PAYMENTS)}


def entity_of(name: str) -> Entity:
    """The entity of a file of this name."""
    found = named(name)
    return _BY_KIND[found.kind] if found else UNKNOWN


FILES = Source(
    entities=(INVOICES, PAYMENTS),
    entity_of=entity_of,
    suffixes=(".csv", ".txt", ".zip"),
    beginnings=(),
    what="called *.csv, *.txt or *.zip",
    remarks=remarks,
)
