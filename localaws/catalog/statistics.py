"""Column statistics of tables and partitions: kept as they come, given back, gone with their table."""

from collections.abc import Callable
from typing import Any

from localaws.catalog.call import EMPTY, Answer, Call, Layers, Next

# Region, database, table, partition values (none: the table's own).
Key = tuple[str, str, str, tuple[str, ...]]


class ColumnStatistics:
    """The statistics of all columns, by region, table and partition."""

    def __init__(self) -> None:
        self._kept: dict[Key, dict[str, dict[str, Any]]] = {}

    def layers(self) -> Layers:
        """The operations this answers, and those that it has to see."""
        return {
            "UpdateColumnStatisticsForTable": self._update,
            "GetColumnStatisticsForTable": self._get,
            "DeleteColumnStatisticsForTable": self._delete,
            "UpdateColumnStatisticsForPartition": self._update,
            "GetColumnStatisticsForPartition": self._get,
            "DeleteColumnStatisticsForPartition": self._delete,
            "DeletePartition": self._after(lambda call: [_key(call)]),
            "BatchDeletePartition": self._after(_keys_of_partitions),
            "DeleteTable": self._after(lambda call: self._below(call, {call.payload["Name"]})),
            "BatchDeleteTable": self._after(
                lambda call: self._below(call, set(call.payload["TablesToDelete"]))
            ),
            "DeleteDatabase": self._after(lambda call: self._below(call, None)),
        }

    def _update(self, call: Call, following: Next) -> Answer:
        missing = _missing_owner(call, following)
        if missing is not None:
            return missing
        kept = self._kept.setdefault(_key(call), {})
        for statistics in call.payload["ColumnStatisticsList"]:
            kept[statistics["ColumnName"]] = statistics
        return EMPTY

    def _get(self, call: Call, following: Next) -> Answer:
        missing = _missing_owner(call, following)
        if missing is not None:
            return missing
        kept = self._kept.get(_key(call), {})
        names = call.payload["ColumnNames"]
        errors = [
            {
                "ColumnName": name,
                "Error": {
                    "ErrorCode": "EntityNotFoundException",
                    "ErrorMessage": f"No statistics of column {name}",
                },
            }
            for name in names
            if name not in kept
        ]
        return Answer(
            200, {"ColumnStatisticsList": [kept[name] for name in names if name in kept], "Errors": errors}
        )

    def _delete(self, call: Call, following: Next) -> Answer:
        missing = _missing_owner(call, following)
        if missing is not None:
            return missing
        # Trino deletes the statistics of columns that never had any, and takes a refusal for a missing table.
        self._kept.get(_key(call), {}).pop(call.payload["ColumnName"], None)
        return EMPTY

    def _after(self, keys: Callable[[Call], list[Key]]) -> Callable[[Call, Next], Answer]:
        def forget(call: Call, following: Next) -> Answer:
            answer = following(call)
            if answer.ok:
                for key in keys(call):
                    self._kept.pop(key, None)
            return answer

        return forget

    def _below(self, call: Call, tables: set[str] | None) -> list[Key]:
        database = call.payload["Name"] if tables is None else call.payload["DatabaseName"]
        return [
            key
            for key in self._kept
            if key[:2] == (call.region, database) and (tables is None or key[2] in tables)
        ]


def _key(call: Call) -> Key:
    values = tuple(call.payload.get("PartitionValues", ()))
    return call.region, call.payload["DatabaseName"], call.payload["TableName"], values


def _keys_of_partitions(call: Call) -> list[Key]:
    of_table = _key(call)[:3]
    return [(*of_table, tuple(partition["Values"])) for partition in call.payload["PartitionsToDelete"]]


def _missing_owner(call: Call, following: Next) -> Answer | None:
    """Glue's own error when the table or the partition does not exist."""
    database, table = call.payload["DatabaseName"], call.payload["TableName"]
    if "PartitionValues" in call.payload:
        request = {
            "DatabaseName": database,
            "TableName": table,
            "PartitionValues": call.payload["PartitionValues"],
        }
        answer = following(call.other("GetPartition", request))
    else:
        answer = following(call.other("GetTable", {"DatabaseName": database, "Name": table}))
    return None if answer.ok else answer
