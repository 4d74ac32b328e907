"""The `.metadata` object beside a result: the columns, in protobuf's wire format as Athena writes it."""

from typing import Any

_MESSAGE, _VARINT = 2, 0
_COLUMN = 4
_TEXTS = ((1, "CatalogName"), (2, "SchemaName"), (3, "TableName"), (4, "Name"), (5, "Label"), (6, "Type"))
_NUMBERS = ((7, "Precision"), (8, "Scale"))
_UNKNOWN_NULLABLE = 3


def encode_metadata(columns: list[dict[str, Any]]) -> bytes:
    """Column descriptions as bytes."""
    return b"".join(_field(_COLUMN, _column(column)) for column in columns)


def _column(column: dict[str, Any]) -> bytes:
    parts = [_field(number, str(column[member]).encode()) for number, member in _TEXTS]
    parts += [_key(number, _VARINT) + _varint(int(column[member])) for number, member in _NUMBERS]
    parts.append(_key(9, _VARINT) + _varint(_UNKNOWN_NULLABLE))
    parts.append(_key(10, _VARINT) + _varint(int(column["CaseSensitive"])))
    return b"".join(parts)


def _field(number: int, content: bytes) -> bytes:
    return _key(number, _MESSAGE) + _varint(len(content)) + content


def _key(number: int, wire: int) -> bytes:
    return _varint(number << 3 | wire)


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)
