"""Columns that nobody expects, kept: one JSON object for each row, all its values as texts."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

# the backslash first, or those that escape others would be escaped themselves
ESCAPED = ("\\", '"', *map(chr, range(32)))


def json_objects(columns: dict[str, pa.StringArray], rows: int) -> pa.StringArray:
    """An object of the columns for each row; null where there are none."""
    if not columns:
        return pa.nulls(rows, pa.string())
    pieces: list[pa.StringArray | str] = []
    for name, values in columns.items():
        pieces += [
            f'{", " if pieces else "{"}{json.dumps(name, ensure_ascii=False)}: "',
            _escaped(values),
            '"',
        ]
    return pc.binary_join_element_wise(*pieces, "}", "")


def _escaped(values: pa.StringArray) -> pa.StringArray:
    *_, characters = values.buffers()
    if characters is None:
        return values
    there = np.bincount(np.frombuffer(characters, np.uint8), minlength=256)
    for character in ESCAPED:
        if there[ord(character)]:
            values = pc.replace_substring(values, character, json.dumps(character)[1:-1])
    return values
