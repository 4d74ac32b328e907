"""Iceberg tables: Athena marks their columns as fields of the schema, and awswrangler reads the marks."""

from typing import Any

from localaws.catalog.call import Answer, Call, Layers, Next


def mark_fields(call: Call, following: Next) -> Answer:
    """Pass the call on with `iceberg.field.…` on each column of an Iceberg table."""
    table = call.payload["TableInput"]
    if str((table.get("Parameters") or {}).get("table_type", "")).upper() != "ICEBERG":
        return following(call)
    storage = table.get("StorageDescriptor") or {}
    columns = [_marked(column, at) for at, column in enumerate(storage.get("Columns") or [], start=1)]
    marked = {**table, "StorageDescriptor": {**storage, "Columns": columns}}
    return following(call.other(call.operation, {**call.payload, "TableInput": marked}))


def _marked(column: dict[str, Any], position: int) -> dict[str, Any]:
    given = column.get("Parameters") or {}
    marks = {
        "iceberg.field.current": "true",
        "iceberg.field.id": str(position),
        "iceberg.field.optional": "true",
    }
    return {**column, "Parameters": {**marks, **given}}


LAYERS: Layers = {"CreateTable": mark_fields, "UpdateTable": mark_fields}
