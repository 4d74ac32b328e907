"""ALTER TABLE … PARTITION: partitions of Hive tables, changed in Glue."""

import copy
from typing import Any

from localaws.statements import model
from localaws.statements.errors import execution_error, semantic_error
from localaws.statements.plan import ALREADY_EXISTS, NOT_FOUND, Catalog, Glue, Output, Plan, Session
from localaws.statements.plan_alter import require_hive, updated

# Most partitions that Glue takes in one call.
_BATCH = 100
# What Hive writes as %XX in a partition's folder.
_ESCAPED = frozenset("\"#%'*/:=?\\{[]^\x7f")


def add_partitions(statement: model.AddPartitions, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "ADD PARTITION")
    database = session.database_of(statement.table)
    present = {tuple(found["Values"]) for found in catalog.partitions(database, statement.table.name)}
    inputs = []
    for spec in statement.partitions:
        values = _values(spec, table)
        if tuple(values) not in present:
            inputs.append(_partition_input(table, values, spec.location))
        elif not statement.if_not_exists:
            raise execution_error(
                f"AlreadyExistsException(message:Partition already exists: {_path(table, values)})"
            )
    if not inputs:
        return Plan(statement.kind, (), Output.TEXT)
    table_of = {"DatabaseName": database, "TableName": statement.table.name}
    forgives = ALREADY_EXISTS if statement.if_not_exists else ""
    steps = tuple(
        Glue("batch_create_partition", {**table_of, "PartitionInputList": inputs[at : at + _BATCH]}, forgives)
        for at in range(0, len(inputs), _BATCH)
    )
    return Plan(statement.kind, steps, Output.TEXT)


def drop_partitions(statement: model.DropPartitions, session: Session, catalog: Catalog) -> Plan:
    """A partition may be named by some of its keys alone: all that match are dropped."""
    table = require_hive(statement.table, session, catalog, "DROP PARTITION")
    name = {"DatabaseName": session.database_of(statement.table), "TableName": statement.table.name}
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    present = [
        dict(zip(keys, partition["Values"], strict=True))
        for partition in catalog.partitions(name["DatabaseName"], name["TableName"])
    ]
    dropped: list[list[str]] = []
    for spec in statement.partitions:
        wanted = dict(spec.values)
        found = [partition for partition in present if wanted.items() <= partition.items()]
        if not found and not statement.if_exists:
            raise semantic_error(f"Partition not found ({_shown(wanted)})", 10006)
        dropped += [list(partition.values()) for partition in found]
    forgives = NOT_FOUND if statement.if_exists else ""
    steps = tuple(
        Glue("delete_partition", {**name, "PartitionValues": values}, forgives) for values in dropped
    )
    return Plan(statement.kind, steps, Output.TEXT)


def rename_partition(statement: model.RenamePartition, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "RENAME PARTITION")
    old, new = _values(statement.old, table), _values(statement.new, table)
    found = _existing(table, old, session.database_of(statement.table), catalog)
    change = _partition_input(table, new, found["StorageDescriptor"]["Location"], found)
    return Plan(statement.kind, (_update_partition(statement.table, session, old, change),), Output.TEXT)


def _update_partition(
    table: model.TableName, session: Session, values: list[str], change: dict[str, Any]
) -> Glue:
    parameters = {"DatabaseName": session.database_of(table), "TableName": table.name}
    return Glue("update_partition", {**parameters, "PartitionValueList": values, "PartitionInput": change})


def _existing(table: dict[str, Any], values: list[str], database: str, catalog: Catalog) -> dict[str, Any]:
    for partition in catalog.partitions(database, table["Name"]):
        if partition["Values"] == values:
            return partition
    raise semantic_error(f"Partition not found ({_path(table, values)})", 10006)


def _values(spec: model.PartitionSpec, table: dict[str, Any]) -> list[str]:
    given = dict(spec.values)
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    if set(given) != set(keys):
        raise semantic_error(
            f"Partition spec ({_shown(given)}) is not one value for each of {', '.join(keys)}"
        )
    return [given[key] for key in keys]


def _shown(values: dict[str, str]) -> str:
    return ", ".join(f"{key}={value}" for key, value in values.items())


def _path(table: dict[str, Any], values: list[str]) -> str:
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    return "/".join(f"{key}={_escaped(value)}" for key, value in zip(keys, values, strict=True))


def _escaped(value: str) -> str:
    return "".join(f"%{ord(char):02X}" if char in _ESCAPED or char < " " else char for char in value)


def _partition_input(
    table: dict[str, Any], values: list[str], location: str | None, found: dict[str, Any] | None = None
) -> dict[str, Any]:
    descriptor = copy.deepcopy((found or table)["StorageDescriptor"])
    root = table["StorageDescriptor"]["Location"].rstrip("/")
    descriptor["Location"] = location or f"{root}/{_path(table, values)}"
    return {
        "Values": values,
        "StorageDescriptor": descriptor,
        "Parameters": (found or {}).get("Parameters", {}),
    }


def set_location(statement: model.SetLocation, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "SET LOCATION")
    if statement.partition is None:
        location = statement.location
        return updated(
            statement, session, table, lambda entry: entry["StorageDescriptor"].update(Location=location)
        )
    values = _values(statement.partition, table)
    found = _existing(table, values, session.database_of(statement.table), catalog)
    change = _partition_input(table, values, statement.location, found)
    return Plan(statement.kind, (_update_partition(statement.table, session, values, change),), Output.TEXT)
