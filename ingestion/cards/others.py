"""Columns that nobody expects, kept: one JSON object for each row, all its values as texts."""

import json

import pyarrow as pa
import pyarrow.compute as pc

NEEDS_ESCAPE = r'[\\"\x00-\x1f]'


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
    if not pc.any(pc.match_substring_regex(values, NEEDS_ESCAPE)).as_py():
        return values
    # the backslash first, or those that escape others would be escaped themselves
    for character in ("\\", '"', *map(chr, range(32))):
        values = pc.replace_substring(values, character, json.dumps(character)[1:-1])
    return values
