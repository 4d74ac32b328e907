"""Views: Trino writes them without columns, Athena with them, and dbt's catalog reads them there."""

import base64
import json
import re
from typing import Any

from localaws.catalog.call import Answer, Call, Layers, Next
from localaws.catalog.types import hive_type

PRESTO_VIEW = re.compile(r"/\* Presto View: (?P<data>[A-Za-z0-9+/=]+) \*/")


def describe(call: Call, following: Next) -> Answer:
    """Pass the call on with the view's columns filled in, in Hive's types, and its mark kept."""
    table = call.payload["TableInput"]
    match = PRESTO_VIEW.fullmatch((table.get("ViewOriginalText") or "").strip())
    if match is None:
        return following(call)
    # Trino knows a view by this comment, which clients overwrite with a description; Athena does not mind.
    described = {**table, "Parameters": {**(table.get("Parameters") or {}), "comment": "Presto View"}}
    if not _has_columns(table):
        described["StorageDescriptor"] = _descriptor(json.loads(base64.b64decode(match["data"])))
    return following(call.other(call.operation, {**call.payload, "TableInput": described}))


def _has_columns(table: dict[str, Any]) -> bool:
    columns = (table.get("StorageDescriptor") or {}).get("Columns") or []
    # The Hive connector writes one column that says nothing.
    return bool(columns) and [(column["Name"], column.get("Type")) for column in columns] != [
        ("dummy", "string")
    ]


def _descriptor(view: dict[str, Any]) -> dict[str, Any]:
    return {
        "Columns": [_column(column) for column in view["columns"]],
        "Location": "",
        "Compressed": False,
        "NumberOfBuckets": 0,
        "SerdeInfo": {},
        "SortColumns": [],
        "StoredAsSubDirectories": False,
    }


def _column(column: dict[str, Any]) -> dict[str, str]:
    described = {"Name": column["name"], "Type": hive_type(column["type"])}
    return {**described, "Comment": column["comment"]} if column.get("comment") else described


LAYERS: Layers = {"CreateTable": describe, "UpdateTable": describe}
