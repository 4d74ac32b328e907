"""Changes to an Iceberg table's metadata for which Trino has no statement, committed through Glue."""

import json
import time
import uuid
from collections.abc import Sequence
from typing import Any

from localaws.athena.glue_catalog import GlueCatalog
from localaws.athena.store import split_uri
from localaws.statements.plan import IcebergChange

_ENTRIES_KEPT = 100
_INPUT = ("Name", "Description", "Owner", "Retention", "StorageDescriptor", "PartitionKeys", "TableType")


def commit(change: IcebergChange, catalog: GlueCatalog, s3: Any, glue: Any) -> None:
    """Write the table's next metadata file and point Glue to it.

    Raises botocore's ClientError when another commit came first (ConcurrentModificationException).
    """
    table = catalog.table(change.database, change.table)
    if table is None:
        raise glue.exceptions.EntityNotFoundException(
            {"Error": {"Code": "EntityNotFoundException", "Message": f"Table {change.table} not found."}},
            "GetTable",
        )
    current = table["Parameters"]["metadata_location"]
    metadata = changed(catalog.iceberg_metadata(table), change, current, round(time.time() * 1000))
    place = next_location(metadata["location"], current)
    bucket, key = split_uri(place)
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(metadata).encode())
    entry = {member: table[member] for member in _INPUT if member in table}
    entry["Parameters"] = {
        **table["Parameters"],
        "metadata_location": place,
        "previous_metadata_location": current,
    }
    if change.order:
        storage = entry["StorageDescriptor"]
        entry["StorageDescriptor"] = {
            **storage,
            "Columns": in_order(storage["Columns"], change.order, "Name"),
        }
    glue.update_table(
        DatabaseName=change.database, TableInput=entry, VersionId=table["VersionId"], SkipArchive=True
    )


def changed(metadata: dict[str, Any], change: IcebergChange, current: str, at: int) -> dict[str, Any]:
    """The metadata after the change; `current` is the file it is in now, `at` milliseconds since 1970."""
    entry = {"timestamp-ms": metadata["last-updated-ms"], "metadata-file": current}
    log = [*metadata.get("metadata-log", []), entry][-_ENTRIES_KEPT:]
    # Iceberg's clocks never run backwards.
    new = {**metadata, "last-updated-ms": max(at, metadata["last-updated-ms"]), "metadata-log": log}
    properties = metadata.get("properties", {})
    new["properties"] = {key: value for key, value in properties.items() if key not in change.removed}
    return {**new, **_ordered_schema(metadata, change.order)} if change.order else new


def _ordered_schema(metadata: dict[str, Any], order: Sequence[str]) -> dict[str, Any]:
    schemas = metadata["schemas"]
    schema = next(one for one in schemas if one["schema-id"] == metadata["current-schema-id"])
    number = max(one["schema-id"] for one in schemas) + 1
    ordered = {**schema, "schema-id": number, "fields": in_order(schema["fields"], order, "name")}
    return {"schemas": [*schemas, ordered], "current-schema-id": number}


def in_order(items: list[dict[str, Any]], order: Sequence[str], member: str) -> list[dict[str, Any]]:
    """The items by the order of their names."""
    return sorted(items, key=lambda item: order.index(item[member]))


def next_location(table: str, current: str) -> str:
    """Where the next metadata file goes: numbered as Iceberg numbers them."""
    number = current.rpartition("/")[2].partition("-")[0]
    following = int(number) + 1 if number.isdigit() else 1
    return f"{table.rstrip('/')}/metadata/{following:05d}-{uuid.uuid4()}.metadata.json"
