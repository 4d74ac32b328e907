"""A file of invoices or payments to raw rows: strings as in the file; only the file as a whole is judged."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain

import numpy as np
import pyarrow as pa

from ingestion.cards.form import Form, first_date, form, is_of_another_month
from ingestion.cards.header import Header, header
from ingestion.cards.names import named
from ingestion.cards.others import json_objects
from ingestion.csv_cells import Cells, cells
from ingestion.csv_records import Block, blocks
from ingestion.encoding import Encoding, found_in, plain
from ingestion.entity import Envelope, RowOrigin
from ingestion.expected import RawTable
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import FETCH_AGAIN, Text

BLOCK_BYTES = 2 << 20
# the date that makes a fact one of its file's month
DATED_BY = {"cards_tb_faturas": "data_emissao", "cards_tb_pagamentos": "data_pagamento"}
REPEATED = pa.dictionary(pa.int32(), pa.string())
ADDED = {
    "other_columns": pa.string(),
    "malformed_line": pa.string(),
    "row_hash": pa.string(),
    "file_name": REPEATED,
    "line_number": pa.int64(),
    "file_month": REPEATED,
    "decimal_mark": REPEATED,
    "date_form": REPEATED,
    "landed_at": pa.timestamp("ms"),
}


# Hashes are all of one length; with lengths and characters apart, they are compressed in half the time.
ENCODED = {"row_hash": {"encoding": "DELTA_LENGTH_BYTE_ARRAY"}}


@dataclass(frozen=True, slots=True)
class _Found:
    """What a block held."""

    rows: int
    malformed: int


@dataclass(frozen=True, slots=True)
class _Constants:
    """What all rows of a file have in common, by column, and the moment they landed."""

    texts: dict[str, str]
    landed_at: pa.Scalar


@dataclass(frozen=True, slots=True)
class _File:
    """How one file is read."""

    schema: pa.Schema
    header: Header
    constants: _Constants


def schema(table: RawTable) -> pa.Schema:
    """The columns of a raw table of cards: the source's own, and where each row came from."""
    kinds = dict.fromkeys(table.expected, pa.string()) | ADDED
    return pa.schema(
        [
            pa.field(name, kind, metadata={"comment": table.comments[name], **ENCODED.get(name, {})})
            for name, kind in kinds.items()
        ]
    )


def read(table: RawTable, text: Text, parts: PartWriter[_Found], origin: RowOrigin) -> Envelope:
    """Write the rows of a file to `parts`.

    Raises Refusal when the file is empty or has no rows, is no text in one encoding, or lacks a column.
    """
    pieces = plain(text.pieces(BLOCK_BYTES))
    line, after = _first_line(pieces)
    head = header(line, table.expected)
    encoded = _encoded(blocks(chain([after], pieces), head.separator, first_line=2), found_in(line))
    first = next(((block, encoding) for block, encoding in encoded if block.text.strip()), None)
    if first is None:
        detail = "The file has a header and no rows."
        raise Refusal("no_rows", detail, "Ask for the file again; a month without any is not landed.", line=1)
    begin = cells(first[0], head.separator, head.width, first[1])
    columns = {name: begin.columns[place] for name, place in head.columns.items()}
    found = form(columns, head.separator)
    period = _period(origin.file_name, columns[DATED_BY[table.name]], found)
    texts = {
        "file_name": origin.file_name,
        "file_month": period,
        "decimal_mark": found.decimal_mark,
        "date_form": found.date_form,
    }
    constants = _Constants(texts, pa.scalar(origin.landed_at, pa.timestamp("ms")))
    file = _File(schema(table), head, constants)
    parts.write(partial(_batch, begin, file))
    del begin, columns
    for block, encoding in encoded:
        parts.write(partial(_read_batch, block, encoding, file))
    counted = parts.finish()
    malformed = sum(one.malformed for one in counted)
    return Envelope(None, None, sum(one.rows for one in counted) + malformed, malformed, named=period)


def _period(file_name: str, days: pa.StringArray, found: Form) -> str:
    """The month that the file's name tells. Raises Refusal when it begins with facts of other months alone.

    Landed, all of it would be quarantined. A file that gets past this with few facts of its month lands, and
    lands once more under its right name: it is another file then.
    """
    name = named(file_name)
    if name is None:
        raise ValueError(f"{file_name} is not called like a file of cards")
    if is_of_another_month(days, found, name.period):
        detail = f"{file_name} begins with dates of other months alone, as {first_date(days, found)}."
        raise Refusal("other_month", detail, "Give it the name of its month, and land it again.", line=2)
    return name.period


def _first_line(pieces: Iterator[bytes]) -> tuple[bytes, bytes]:
    """Line 1 and what comes after it in its piece. Raises Refusal when there is nothing at all."""
    for piece in pieces:
        if piece.strip():
            line, _, after = piece.partition(b"\n")
            return line, after
    raise Refusal("empty", "The file is empty.", FETCH_AGAIN)


def _encoded(found: Iterable[Block], encoding: Encoding | None) -> Iterator[tuple[Block, Encoding | None]]:
    """The blocks and the encoding of the text as far as they tell: the first that is not ASCII decides."""
    for block in found:
        encoding = encoding or found_in(block.text)
        yield block, encoding


def _read_batch(block: Block, encoding: Encoding | None, file: _File) -> tuple[pa.RecordBatch, _Found]:
    return _batch(cells(block, file.header.separator, file.header.width, encoding), file)


def _batch(read_cells: Cells, file: _File) -> tuple[pa.RecordBatch, _Found]:
    """The rows of one block, well-formed ones first."""
    rows, odd, constants = read_cells.rows, len(read_cells.malformed), file.constants
    others = {name: read_cells.columns[place] for name, place in file.header.others.items()}
    columns = {name: read_cells.columns[place] for name, place in file.header.columns.items()}
    columns["other_columns"] = json_objects(others, rows)
    if odd:
        columns = {
            name: pa.concat_arrays([values, pa.nulls(odd, pa.string())]) for name, values in columns.items()
        }
    malformed = pa.array(read_cells.malformed, pa.string())
    columns["malformed_line"] = pa.concat_arrays([pa.nulls(rows, pa.string()), malformed])
    columns["row_hash"] = read_cells.hashes
    columns["line_number"] = pa.array(read_cells.lines, pa.int64())
    columns["landed_at"] = pa.repeat(constants.landed_at, rows + odd)
    columns |= {name: _repeated(value, rows + odd) for name, value in constants.texts.items()}
    batch = pa.record_batch([columns[field.name] for field in file.schema], schema=file.schema)
    return batch, _Found(rows, odd)


def _repeated(value: str, count: int) -> pa.DictionaryArray:
    """`value` so many times, as a dictionary of one, which costs Parquet next to nothing."""
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([value]))
