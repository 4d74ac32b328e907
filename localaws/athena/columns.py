"""ColumnInfo of result columns, from Trino's types."""

from collections.abc import Iterable
from typing import Any

# Precision and scale as Athena reports them, whatever the column holds.
_PRECISION = {
    "boolean": 0,
    "tinyint": 3,
    "smallint": 5,
    "integer": 10,
    "bigint": 19,
    "real": 17,
    "double": 17,
    "date": 0,
    "time": 3,
    "time with time zone": 3,
    "timestamp": 3,
    "timestamp with time zone": 3,
    "varbinary": 1073741824,
}
_UNBOUNDED = 2147483647
_NAMES = {"real": "float"}
_CASE_SENSITIVE = {"varchar", "char", "json"}


def column_info(columns: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The columns of a Trino result as Athena describes them."""
    return [_info(column["name"], column["typeSignature"]) for column in columns]


def text_column_info(names: Iterable[str]) -> list[dict[str, Any]]:
    """The columns of a DDL or utility statement's text."""
    return [_entry(name, "string", 0, 0) for name in names]


def _info(name: str, signature: dict[str, Any]) -> dict[str, Any]:
    kind = signature["rawType"]
    numbers = [argument["value"] for argument in signature["arguments"] if argument["kind"] == "LONG"]
    if kind == "decimal":
        return _entry(name, kind, numbers[0], numbers[1])
    if kind in ("varchar", "char"):
        return _entry(name, kind, numbers[0] if numbers else _UNBOUNDED, 0)
    return _entry(name, _NAMES.get(kind, kind), _PRECISION.get(kind, 0), 0)


def _entry(name: str, kind: str, precision: int, scale: int) -> dict[str, Any]:
    return {
        "CatalogName": "hive",
        "SchemaName": "",
        "TableName": "",
        "Name": name,
        "Label": name,
        "Type": kind,
        "Precision": precision,
        "Scale": scale,
        "Nullable": "UNKNOWN",
        "CaseSensitive": kind in _CASE_SENSITIVE,
    }
