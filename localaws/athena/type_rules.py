"""Types that Athena refuses to write where Trino would coerce in silence.

Source: https://docs.aws.amazon.com/athena/latest/ug/querying-iceberg-supported-data-types.html
"""

from collections.abc import Iterator
from typing import Any

from localaws.athena.errors import QueryFailed

_NOT_ICEBERG = {"smallint", "tinyint", "char"}


def refused_type(column: dict[str, Any], table_format: str) -> QueryFailed | None:
    """The error for a column that this table format does not take, or nothing."""
    for signature in _flattened(column["typeSignature"]):
        kind, text = signature["rawType"], _shown(signature)
        if kind == "timestamp with time zone":
            return QueryFailed("NOT_SUPPORTED", f"Unsupported Hive type: {text}")
        if table_format != "iceberg":
            continue
        if kind in _NOT_ICEBERG:
            return QueryFailed("NOT_SUPPORTED", f"Type not supported for Iceberg: {text}")
        if kind == "timestamp" and (precision := _numbers(signature)[0]) != 6:
            message = (
                f'Timestamp precision ({precision}) not supported for Iceberg. Use "timestamp(6)" instead.'
            )
            return QueryFailed("NOT_SUPPORTED", message)
    return None


def _flattened(signature: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield signature
    for argument in signature["arguments"]:
        inner = argument["value"]
        if isinstance(inner, dict):
            yield from _flattened(inner.get("typeSignature", inner))


def _numbers(signature: dict[str, Any]) -> list[int]:
    return [argument["value"] for argument in signature["arguments"] if argument["kind"] == "LONG"]


def _shown(signature: dict[str, Any]) -> str:
    kind, numbers = signature["rawType"], ",".join(map(str, _numbers(signature)))
    if not numbers:
        return str(kind)
    head, _, tail = kind.partition(" ")
    return f"{head}({numbers}) {tail}".strip()
