"""Rows of a result as GetQueryResults writes them, in JSON already.

A page has thousands of cells, each a JSON object: as Python objects they would take most of the time.
"""

import orjson

from localaws.athena.store import Line

NULL = b"{}"


def encoded_rows(rows: list[Line]) -> orjson.Fragment:
    """A part of a JSON answer: `[{"Data":[{"VarCharValue":"…"},{}]},…]`."""
    return orjson.Fragment(b"[" + b",".join(map(_row, rows)) + b"]")


def _row(line: Line) -> bytes:
    cells = [NULL if value is None else b'{"VarCharValue":' + orjson.dumps(value) + b"}" for value in line]
    return b'{"Data":[' + b",".join(cells) + b"]}"
