"""ALTER TABLE, ALTER DATABASE and DROP DATABASE. Hive tables are changed in Glue, Iceberg tables by Trino."""

import copy
from collections.abc import Callable
from typing import Any

from localaws.statements import model
from localaws.statements.errors import StatementError
from localaws.statements.plan import Catalog, Glue, Output, Plan, Session, Sql, Step, is_iceberg, is_view, literal, quote
from localaws.statements.plan_create import glue_column
from localaws.statements.types import trino_type

# What GetTable returns and UpdateTable does not take.
_READ_ONLY = (
    "DatabaseName",
    "CreateTime",
    "UpdateTime",
    "CreatedBy",
    "IsRegisteredWithLakeFormation",
    "CatalogId",
    "VersionId",
    "FederatedTable",
    "IsMultiDialectView",
    "IsMaterializedView",
    "Status",
)
_ICEBERG_PROPERTIES = {"format": "format"}


def not_found(table: model.TableName, session: Session) -> StatementError:
    return StatementError(
        "", f"FAILED: SemanticException [Error 10001]: Table not found {session.database_of(table)}.{table.name}"
    )


def find(name: model.TableName, session: Session, catalog: Catalog) -> dict[str, Any]:
    """The table's entry in Glue. Raises StatementError when there is none."""
    table = catalog.table(session.database_of(name), name.name)
    if table is None:
        raise not_found(name, session)
    return table


def require_iceberg(name: model.TableName, session: Session, catalog: Catalog, what: str) -> dict[str, Any]:
    table = find(name, session, catalog)
    if not is_iceberg(table):
        raise StatementError("NOT_SUPPORTED", f"{what} is only supported for Iceberg tables")
    return table


def require_hive(name: model.TableName, session: Session, catalog: Catalog, what: str) -> dict[str, Any]:
    table = find(name, session, catalog)
    if is_iceberg(table) or is_view(table):
        raise StatementError("NOT_SUPPORTED", f"{what} is not supported for this table type")
    return table


def drop_database(statement: model.DropDatabase, session: Session, catalog: Catalog) -> Plan:
    del session
    if not catalog.database_exists(statement.name):
        if statement.if_exists:
            return Plan(statement.kind, (), Output.TEXT)
        raise StatementError("", f"FAILED: SemanticException [Error 10072]: Database does not exist: {statement.name}")
    tables = catalog.tables(statement.name)
    if tables and not statement.cascade:
        raise StatementError(
            "",
            "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. "
            f"InvalidOperationException(message:Database {statement.name} is not empty. One or more tables exist.)",
        )
    steps: list[Step] = [
        Glue("delete_table", {"DatabaseName": statement.name, "Name": table["Name"]}) for table in tables
    ]
    return Plan(statement.kind, (*steps, Glue("delete_database", {"Name": statement.name})), Output.TEXT)


def alter_database(statement: model.AlterDatabase, session: Session, catalog: Catalog) -> Plan:
    del session
    if not catalog.database_exists(statement.name):
        raise StatementError("", f"FAILED: SemanticException [Error 10072]: Database does not exist: {statement.name}")
    change = {"Name": statement.name, "DatabaseInput": {"Name": statement.name, "Parameters": statement.properties}}
    return Plan(statement.kind, (Glue("update_database", change),), Output.TEXT)


def add_columns(statement: model.AddColumns, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    if is_iceberg(table):
        name = session.trino_name(statement.table)
        steps = tuple(Sql(f"ALTER TABLE {name} ADD COLUMN {_trino_column(column)}") for column in statement.columns)
        return Plan(statement.kind, steps, Output.TEXT)
    known = {column["Name"] for column in table["StorageDescriptor"]["Columns"] + table.get("PartitionKeys", [])}
    for column in statement.columns:
        if column.name in known:
            raise _ddl_task(f"Duplicate column name: {column.name}")
    added = [glue_column(column) for column in statement.columns]
    return _updated(statement, session, table, lambda entry: entry["StorageDescriptor"]["Columns"].extend(added))


def replace_columns(statement: model.ReplaceColumns, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    if is_iceberg(table):
        return _replace_iceberg_columns(statement, session, table)
    columns = [glue_column(column) for column in statement.columns]
    return _updated(statement, session, table, lambda entry: entry["StorageDescriptor"].update(Columns=columns))


def _replace_iceberg_columns(statement: model.ReplaceColumns, session: Session, table: dict[str, Any]) -> Plan:
    name = session.trino_name(statement.table)
    wanted = {column.name: column for column in statement.columns}
    present = {column["Name"]: column["Type"] for column in table["StorageDescriptor"]["Columns"]}
    steps = [Sql(f"ALTER TABLE {name} DROP COLUMN {quote(old)}") for old in present if old not in wanted]
    for column in statement.columns:
        if column.name not in present:
            steps.append(Sql(f"ALTER TABLE {name} ADD COLUMN {_trino_column(column)}"))
        elif column.type != present[column.name]:
            steps.append(_set_type(name, column.name, column.type))
    return Plan(statement.kind, tuple(steps), Output.TEXT)


def change_column(statement: model.ChangeColumn, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    columns = {column["Name"]: column for column in table["StorageDescriptor"]["Columns"]}
    if statement.old not in columns:
        raise _ddl_task(f"Invalid column reference {statement.old}")
    if not is_iceberg(table):
        changed = glue_column(statement.column)
        return _updated(statement, session, table, lambda entry: columns_of(entry).update({statement.old: changed}))
    name = session.trino_name(statement.table)
    steps: list[Step] = []
    if statement.column.type != columns[statement.old]["Type"]:
        steps.append(_set_type(name, statement.old, statement.column.type))
    if statement.column.name != statement.old:
        steps.append(Sql(f"ALTER TABLE {name} RENAME COLUMN {quote(statement.old)} TO {quote(statement.column.name)}"))
    if statement.column.comment is not None:
        target = f"{name}.{quote(statement.column.name)}"
        steps.append(Sql(f"COMMENT ON COLUMN {target} IS {literal(statement.column.comment)}"))
    if statement.position is not None:
        raise StatementError("NOT_SUPPORTED", "Reordering of columns is not supported")
    return Plan(statement.kind, tuple(steps), Output.TEXT)


class columns_of:  # noqa: N801 (reads as a function)
    """The columns of a table's entry by name, each replaceable in its place."""

    def __init__(self, entry: dict[str, Any]) -> None:
        self._columns = entry["StorageDescriptor"]["Columns"]

    def update(self, changes: dict[str, dict[str, str]]) -> None:
        self._columns[:] = [changes.get(column["Name"], column) for column in self._columns]


def drop_column(statement: model.DropColumn, session: Session, catalog: Catalog) -> Plan:
    require_iceberg(statement.table, session, catalog, "DROP COLUMN")
    text = f"ALTER TABLE {session.trino_name(statement.table)} DROP COLUMN {quote(statement.column)}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def set_properties(statement: model.SetProperties, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    if not is_iceberg(table):
        return _updated(statement, session, table, lambda entry: entry["Parameters"].update(statement.properties))
    parts = [
        f"{_ICEBERG_PROPERTIES[key]} = {literal(value.upper())}"
        for key, value in statement.properties.items()
        if key in _ICEBERG_PROPERTIES
    ]
    extra = {key: value for key, value in statement.properties.items() if key not in _ICEBERG_PROPERTIES}
    if extra:
        keys, values = (", ".join(literal(text) for text in side) for side in (extra.keys(), extra.values()))
        parts.append(f"extra_properties = MAP(ARRAY[{keys}], ARRAY[{values}])")
    text = f"ALTER TABLE {session.trino_name(statement.table)} SET PROPERTIES {', '.join(parts)}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def unset_properties(statement: model.UnsetProperties, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "UNSET TBLPROPERTIES")

    def change(entry: dict[str, Any]) -> None:
        for name in statement.names:
            entry["Parameters"].pop(name, None)

    return _updated(statement, session, table, change)


def set_location(statement: model.SetLocation, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "SET LOCATION")
    if statement.partition is None:
        location = statement.location
        return _updated(statement, session, table, lambda entry: entry["StorageDescriptor"].update(Location=location))
    values = _values(statement.partition, table)
    found = _existing(table, values, session.database_of(statement.table), catalog)
    change = _partition_input(table, values, statement.location, found)
    return Plan(statement.kind, (_update_partition(statement.table, session, values, change),), Output.TEXT)


def rename_table(statement: model.RenameTable, session: Session, catalog: Catalog) -> Plan:
    require_iceberg(statement.table, session, catalog, "RENAME TO")
    new = model.TableName(statement.new.name, statement.new.database or session.database_of(statement.table))
    text = f"ALTER TABLE {session.trino_name(statement.table)} RENAME TO {session.trino_name(new)}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


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
            raise _ddl_task(f"AlreadyExistsException(message:Partition already exists: {_path(table, values)})")
    if not inputs:
        return Plan(statement.kind, (), Output.TEXT)
    call = {"DatabaseName": database, "TableName": statement.table.name, "PartitionInputList": inputs}
    return Plan(statement.kind, (Glue("batch_create_partition", call),), Output.TEXT)


def drop_partitions(statement: model.DropPartitions, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "DROP PARTITION")
    database = session.database_of(statement.table)
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    dropped = []
    for spec in statement.partitions:
        wanted = dict(spec.values)
        found = [
            partition["Values"]
            for partition in catalog.partitions(database, statement.table.name)
            if all(dict(zip(keys, partition["Values"], strict=True)).get(key) == value for key, value in wanted.items())
        ]
        if not found and not statement.if_exists:
            shown = ", ".join(f"{key}={value}" for key, value in spec.values)
            raise StatementError("", f"FAILED: SemanticException [Error 10006]: Partition not found ({shown})")
        dropped += found
    steps = tuple(
        Glue("delete_partition", {"DatabaseName": database, "TableName": statement.table.name, "PartitionValues": values})
        for values in dropped
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
    raise StatementError("", f"FAILED: SemanticException [Error 10006]: Partition not found ({_path(table, values)})")


def _values(spec: model.PartitionSpec, table: dict[str, Any]) -> list[str]:
    given = dict(spec.values)
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    if set(given) != set(keys):
        raise StatementError("", f"FAILED: SemanticException partition spec {given} does not match the keys {keys}")
    return [given[key] for key in keys]


def _path(table: dict[str, Any], values: list[str]) -> str:
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    return "/".join(f"{key}={value}" for key, value in zip(keys, values, strict=True))


def _partition_input(
    table: dict[str, Any], values: list[str], location: str | None, found: dict[str, Any] | None = None
) -> dict[str, Any]:
    descriptor = copy.deepcopy((found or table)["StorageDescriptor"])
    root = table["StorageDescriptor"]["Location"].rstrip("/")
    descriptor["Location"] = location or f"{root}/{_path(table, values)}"
    return {"Values": values, "StorageDescriptor": descriptor, "Parameters": (found or {}).get("Parameters", {})}


def _updated(
    statement: model.Statement, session: Session, table: dict[str, Any], change: Callable[[dict[str, Any]], Any]
) -> Plan:
    entry = copy.deepcopy({key: value for key, value in table.items() if key not in _READ_ONLY})
    entry.setdefault("Parameters", {})
    change(entry)
    call: dict[str, Any] = {"DatabaseName": table.get("DatabaseName", session.database), "TableInput": entry}
    if "VersionId" in table:
        call["VersionId"] = table["VersionId"]
    return Plan(statement.kind, (Glue("update_table", call),), Output.TEXT)


def _set_type(table: str, column: str, kind: str) -> Sql:
    return Sql(f"ALTER TABLE {table} ALTER COLUMN {quote(column)} SET DATA TYPE {trino_type(kind, timestamp_precision=6)}")


def _trino_column(column: model.Column) -> str:
    comment = f" COMMENT {literal(column.comment)}" if column.comment else ""
    return f"{quote(column.name)} {trino_type(column.type, timestamp_precision=6)}{comment}"


def _ddl_task(message: str) -> StatementError:
    return StatementError(
        "", f"FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. {message}"
    )
