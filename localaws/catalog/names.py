"""Names of databases and tables: AWS Glue folds them to lower case, for Hive's sake."""

from typing import Any

from localaws.catalog.call import Answer, Call, Layers, Next

# Where a request carries a name of a database or a table, by operation.
_OF_TABLE = ("DatabaseName", "TableName")
PATHS: dict[str, tuple[str, ...]] = {
    "CreateDatabase": ("DatabaseInput.Name",),
    "GetDatabase": ("Name",),
    "UpdateDatabase": ("Name", "DatabaseInput.Name"),
    "DeleteDatabase": ("Name",),
    "CreateTable": ("DatabaseName", "TableInput.Name"),
    "UpdateTable": ("DatabaseName", "TableInput.Name"),
    "GetTable": ("DatabaseName", "Name"),
    "GetTables": ("DatabaseName",),
    "DeleteTable": ("DatabaseName", "Name"),
    "BatchDeleteTable": ("DatabaseName", "TablesToDelete"),
    **dict.fromkeys(
        (
            "GetTableVersion",
            "GetTableVersions",
            "DeleteTableVersion",
            "BatchDeleteTableVersion",
            "CreatePartition",
            "BatchCreatePartition",
            "GetPartition",
            "GetPartitions",
            "BatchGetPartition",
            "UpdatePartition",
            "BatchUpdatePartition",
            "DeletePartition",
            "BatchDeletePartition",
            "GetPartitionIndexes",
            "UpdateColumnStatisticsForTable",
            "GetColumnStatisticsForTable",
            "DeleteColumnStatisticsForTable",
            "UpdateColumnStatisticsForPartition",
            "GetColumnStatisticsForPartition",
            "DeleteColumnStatisticsForPartition",
        ),
        _OF_TABLE,
    ),
}


def fold(call: Call, following: Next) -> Answer:
    """Pass the call on with its names in lower case."""
    payload = call.payload
    for path in PATHS[call.operation]:
        payload = _folded(payload, path.split("."))
    return following(call.other(call.operation, payload))


def _folded(payload: dict[str, Any], path: list[str]) -> dict[str, Any]:
    key, *rest = path
    value = payload.get(key)
    if isinstance(value, str):
        return {**payload, key: value.lower()}
    if isinstance(value, list):
        return {**payload, key: [name.lower() for name in value]}
    if isinstance(value, dict) and rest:
        return {**payload, key: _folded(value, rest)}
    return payload


LAYERS: Layers = dict.fromkeys(PATHS, fold)
