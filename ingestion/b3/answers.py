"""Answers of B3's services (JSON) to records, and records to raw rows: texts as in the answer.

What is wrong with an answer as a whole refuses it; a record that is no record by its fields is kept as it is,
for staging to judge.
"""

import codecs
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import pyarrow as pa

from ingestion.entity import RowOrigin
from ingestion.expected import RawTable
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import FETCH_AGAIN, Text, beginning

PIECE_BYTES = 1 << 20
LIMIT_BYTES = 64 << 20
SHOWN_BYTES = 60
ROWS_AT_ONCE = 10_000
KINDS = {"line_number": pa.int64(), "landed_at": pa.timestamp("ms")}
ASK_AGAIN = "Ask again later; what came is kept under files/ as it is."

Record = dict[str, str | None]


@dataclass(frozen=True, slots=True)
class Paged:
    """All pages of an answer: its header, and its records as they stand."""

    header: Record
    records: list[Any]


def schema(table: RawTable) -> pa.Schema:
    """The columns of a raw table as the source's yml declares them; the partition is none of them."""
    return pa.schema(
        [
            pa.field(name, KINDS.get(name, pa.string()), metadata={"comment": comment})
            for name, comment in table.comments.items()
            if name != "file_hash"
        ]
    )


def content(text: Text) -> bytes:
    """All of a text. Raises Refusal when there is nothing, or far more than such a file has."""
    pieces, size = [], 0
    for piece in text.pieces(PIECE_BYTES):
        size += len(piece)
        if size > LIMIT_BYTES:
            detail = f"The file has more than {LIMIT_BYTES >> 20} MiB: it is no answer of B3's services."
            raise Refusal("too_large", detail, "Look at where it came from.")
        pieces.append(piece)
    whole = b"".join(pieces).removeprefix(codecs.BOM_UTF8)
    if not whole.strip():
        raise Refusal("empty", "The answer is empty: the question was not understood.", ASK_AGAIN)
    return whole


def read_json(answer: bytes) -> Any:
    """What an answer says, its numbers as texts. Raises Refusal when it is no JSON, as a page is none."""
    try:
        return json.loads(answer, parse_int=str, parse_float=str)
    except (ValueError, RecursionError) as error:
        detail = f"The answer is no JSON ({error}); it begins with {beginning(answer[:SHOWN_BYTES])}."
        raise Refusal("not_json", detail, FETCH_AGAIN) from error


def paged(answer: Any, unknown: str) -> Paged:
    """The records of all pages. Raises Refusal when one is missing, or when there are no results at all.

    `unknown` says what B3 knows nothing of when it answers with `results: null`.
    """
    pages = answer if isinstance(answer, list) else [answer]
    if not pages or not all(isinstance(page, dict) and "results" in page for page in pages):
        raise Refusal("not_an_answer", "There are no `results` in the answer.", FETCH_AGAIN)
    if any(page["results"] is None for page in pages):
        detail = f"B3 answers with `results: null`: {unknown}."
        raise Refusal("unknown_to_b3", detail, "Look whether the code is right, and ask again.")
    if not all(isinstance(page["results"], list) for page in pages):
        raise Refusal("not_an_answer", "The `results` of the answer are no list.", FETCH_AGAIN)
    records = [record for page in pages for record in page["results"]]
    numbering, headers = ([page.get(name) or {} for page in pages] for name in ("page", "header"))
    if not all(isinstance(told, dict) for told in (*numbering, *headers)):
        raise Refusal("not_an_answer", "The `page` or the `header` of the answer has no fields.", FETCH_AGAIN)
    _check_pages(numbering, len(records))
    if any(header != headers[0] for header in headers):
        detail = "The pages have different headers: the answer changed meanwhile."
        raise Refusal("pages_differ", detail, ASK_AGAIN)
    return Paged(texts(headers[0]), records)


def _check_pages(pages: Sequence[Any], records: int) -> None:
    """Raises Refusal unless the pages are all that there are, in order, with as many records as they say."""
    for number, page in enumerate(pages, start=1):
        if not page and len(pages) == 1:
            return
        said = (page.get("pageNumber"), page.get("totalPages"), page.get("totalRecords"))
        meant = (str(number), str(len(pages)), str(records))
        if said != meant:
            detail = (
                f"Page {number} of {len(pages)}, with {records} records in all, says it is page {said[0]} of"
                f" {said[1]}, with {said[2]}: not all of the answer is there."
            )
            raise Refusal("pages_missing", detail, ASK_AGAIN, rows_expected=_count(said[2]))


def _count(text: Any) -> int | None:
    return int(text) if isinstance(text, str) and text.isascii() and text.isdecimal() else None


def texts(record: Mapping[str, Any]) -> Record:
    """The fields of a record by their names in lower case, each a text as it stands, or null."""
    return {name.lower(): _text(value) for name, value in record.items()}


def _text(value: Any) -> str | None:
    return value if value is None or isinstance(value, str) else as_json(value)


def as_json(value: Any) -> str:
    """What stands in an answer, as JSON on one line."""
    return json.dumps(value, ensure_ascii=False)


def row(record: Any, expected: Iterable[str], columns: Iterable[str]) -> Record:
    """The raw columns of a record; of one that lacks an expected field, all of it as `malformed_line`."""
    if not isinstance(record, dict):
        return {"malformed_line": as_json(record)}
    found = texts(record)
    if any(name not in found for name in expected):
        return {"malformed_line": as_json(record)}
    known = set(columns)
    others = {name: value for name, value in found.items() if name not in known}
    return {
        **{name: value for name, value in found.items() if name in known},
        "other_columns": as_json(others) if others else None,
    }


def write(
    parts: PartWriter[int], columns: pa.Schema, rows: list[Record], constants: Record, origin: RowOrigin
) -> int:
    """Write rows, numbered from 1, with what all of them have in common; how many of them are malformed.

    Raises Refusal when all are: it is an answer to another question, and the other's to land.
    """
    malformed = sum(one.get("malformed_line") is not None for one in rows)
    if rows and malformed == len(rows):
        detail = f"None of its {len(rows)} records has the fields of such an answer."
        raise Refusal("not_an_answer", detail, "Land it as what it is: index-levels, index-portfolio, …")
    common = {**constants, "file_name": origin.file_name, "landed_at": origin.landed_at}
    for start in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[start : start + ROWS_AT_ONCE]
        numbered = [{**one, **common, "line_number": start + at} for at, one in enumerate(some, start=1)]
        parts.write(partial(_batch, numbered, columns))
    parts.finish()
    return malformed


def _batch(rows: list[dict[str, Any]], columns: pa.Schema) -> tuple[pa.RecordBatch, int]:
    return pa.RecordBatch.from_pylist(rows, schema=columns), len(rows)
