"""ALTER TABLE, ALTER DATABASE and DROP DATABASE. Hive tables are changed in Glue, Iceberg tables by Trino."""

import copy
from collections.abc import Callable
from typing import Any

from localaws.statements import model
from localaws.statements.errors import StatementError, execution_error, semantic_error
from localaws.statements.plan import (
    NOT_FOUND,
    Catalog,
    Glue,
    IcebergChange,
    Output,
    Plan,
    Session,
    Sql,
    Step,
    is_iceberg,
    is_view,
    literal,
    quote,
)
from localaws.statements.plan_create import glue_column, require_iceberg_properties
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
    return semantic_error(f"Table not found {session.database_of(table)}.{table.name}", 10001)


def database_not_found(name: str) -> StatementError:
    return semantic_error(f"Database does not exist: {name}", 10072)


def find(name: model.TableName, session: Session, catalog: Catalog) -> dict[str, Any]:
    """The table's entry in Glue. Raises StatementError when there is none."""
    table = catalog.table(session.database_of(name), name.name)
    if table is None:
        raise not_found(name, session)
    return table


def require_table(name: model.TableName, session: Session, catalog: Catalog) -> dict[str, Any]:
    table = find(name, session, catalog)
    if is_view(table):
        raise semantic_error("To alter a view you need to use the ALTER VIEW command.", 10131)
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
        raise database_not_found(statement.name)
    tables = catalog.tables(statement.name)
    if tables and not statement.cascade:
        message = f"Database {statement.name} is not empty. One or more tables exist."
        raise execution_error(f"InvalidOperationException(message:{message})")
    forgives = NOT_FOUND if statement.if_exists else ""
    steps: list[Step] = [
        Glue("delete_table", {"DatabaseName": statement.name, "Name": table["Name"]}, forgives)
        for table in tables
    ]
    dropped = Glue("delete_database", {"Name": statement.name}, forgives)
    return Plan(statement.kind, (*steps, dropped), Output.TEXT)


def alter_database(statement: model.AlterDatabase, session: Session, catalog: Catalog) -> Plan:
    del session
    if not catalog.database_exists(statement.name):
        raise database_not_found(statement.name)
    change = {
        "Name": statement.name,
        "DatabaseInput": {"Name": statement.name, "Parameters": statement.properties},
    }
    return Plan(statement.kind, (Glue("update_database", change),), Output.TEXT)


def add_columns(statement: model.AddColumns, session: Session, catalog: Catalog) -> Plan:
    table = require_table(statement.table, session, catalog)
    if is_iceberg(table):
        name = session.trino_name(statement.table)
        steps = tuple(
            Sql(f"ALTER TABLE {name} ADD COLUMN {_trino_column(column)}") for column in statement.columns
        )
        return Plan(statement.kind, steps, Output.TEXT)
    known = {
        column["Name"] for column in table["StorageDescriptor"]["Columns"] + table.get("PartitionKeys", [])
    }
    for column in statement.columns:
        if column.name in known:
            raise execution_error(f"Duplicate column name: {column.name}")
    added = [glue_column(column) for column in statement.columns]
    return updated(
        statement, session, table, lambda entry: entry["StorageDescriptor"]["Columns"].extend(added)
    )


def replace_columns(statement: model.ReplaceColumns, session: Session, catalog: Catalog) -> Plan:
    table = require_table(statement.table, session, catalog)
    if is_iceberg(table):
        return _replace_iceberg_columns(statement, session, table)
    columns = [glue_column(column) for column in statement.columns]
    return updated(
        statement, session, table, lambda entry: entry["StorageDescriptor"].update(Columns=columns)
    )


def _replace_iceberg_columns(
    statement: model.ReplaceColumns, session: Session, table: dict[str, Any]
) -> Plan:
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
    table = require_table(statement.table, session, catalog)
    columns = {column["Name"]: column for column in table["StorageDescriptor"]["Columns"]}
    if statement.old not in columns:
        raise execution_error(f"Invalid column reference {statement.old}")
    if not is_iceberg(table):
        present = table["StorageDescriptor"]["Columns"]
        changed = _renamed(present, statement.old, glue_column(statement.column), statement.position)
        return updated(
            statement, session, table, lambda entry: entry["StorageDescriptor"].update(Columns=changed)
        )
    name = session.trino_name(statement.table)
    steps: list[Step] = []
    if statement.column.type != columns[statement.old]["Type"]:
        steps.append(_set_type(name, statement.old, statement.column.type))
    if statement.column.name != statement.old:
        steps.append(
            Sql(f"ALTER TABLE {name} RENAME COLUMN {quote(statement.old)} TO {quote(statement.column.name)}")
        )
    if statement.column.comment is not None:
        target = f"{name}.{quote(statement.column.name)}"
        steps.append(Sql(f"COMMENT ON COLUMN {target} IS {literal(statement.column.comment)}"))
    if statement.position is not None:
        present = table["StorageDescriptor"]["Columns"]
        renamed = {"Name": statement.column.name}
        moved = _renamed(present, statement.old, renamed, statement.position)
        database = session.database_of(statement.table)
        order = tuple(column["Name"] for column in moved)
        steps.append(IcebergChange(database, statement.table.name, order=order))
    return Plan(statement.kind, tuple(steps), Output.TEXT)


def _renamed(
    columns: list[dict[str, Any]], old: str, changed: dict[str, Any], position: str | None
) -> list[dict[str, Any]]:
    """The columns with one changed and, if so asked, moved: `first` or `after <column>`."""
    if position is None:
        return [changed if column["Name"] == old else column for column in columns]
    others = [column for column in columns if column["Name"] != old]
    anchor = position.removeprefix("after ")
    names = [column["Name"] for column in others]
    if position != "first" and anchor not in names:
        raise execution_error(f"Invalid column reference {anchor}")
    at = 0 if position == "first" else names.index(anchor) + 1
    return [*others[:at], changed, *others[at:]]


def drop_column(statement: model.DropColumn, session: Session, catalog: Catalog) -> Plan:
    require_iceberg(statement.table, session, catalog, "DROP COLUMN")
    text = f"ALTER TABLE {session.trino_name(statement.table)} DROP COLUMN {quote(statement.column)}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def set_properties(statement: model.SetProperties, session: Session, catalog: Catalog) -> Plan:
    table = require_table(statement.table, session, catalog)
    if not is_iceberg(table):
        return updated(
            statement, session, table, lambda entry: entry["Parameters"].update(statement.properties)
        )
    parts = [
        f"{_ICEBERG_PROPERTIES[key]} = {literal(value.upper())}"
        for key, value in statement.properties.items()
        if key in _ICEBERG_PROPERTIES
    ]
    extra = {key: value for key, value in statement.properties.items() if key not in _ICEBERG_PROPERTIES}
    require_iceberg_properties(extra)
    if extra:
        keys, values = (", ".join(literal(text) for text in side) for side in (extra.keys(), extra.values()))
        parts.append(f"extra_properties = MAP(ARRAY[{keys}], ARRAY[{values}])")
    text = f"ALTER TABLE {session.trino_name(statement.table)} SET PROPERTIES {', '.join(parts)}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def unset_properties(statement: model.UnsetProperties, session: Session, catalog: Catalog) -> Plan:
    table = require_table(statement.table, session, catalog)
    if is_iceberg(table):
        database = session.database_of(statement.table)
        taken = IcebergChange(database, statement.table.name, removed=statement.names)
        return Plan(statement.kind, (taken,), Output.TEXT)

    def change(entry: dict[str, Any]) -> None:
        for name in statement.names:
            entry["Parameters"].pop(name, None)

    return updated(statement, session, table, change)


def rename_table(statement: model.RenameTable, session: Session, catalog: Catalog) -> Plan:
    require_iceberg(statement.table, session, catalog, "RENAME TO")
    new = model.TableName(statement.new.name, statement.new.database or session.database_of(statement.table))
    text = f"ALTER TABLE {session.trino_name(statement.table)} RENAME TO {session.trino_name(new)}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def updated(
    statement: model.Statement,
    session: Session,
    table: dict[str, Any],
    change: Callable[[dict[str, Any]], Any],
) -> Plan:
    entry = copy.deepcopy({key: value for key, value in table.items() if key not in _READ_ONLY})
    entry.setdefault("Parameters", {})
    change(entry)
    call: dict[str, Any] = {"DatabaseName": table.get("DatabaseName", session.database), "TableInput": entry}
    if "VersionId" in table:
        call["VersionId"] = table["VersionId"]
    return Plan(statement.kind, (Glue("update_table", call),), Output.TEXT)


def _set_type(table: str, column: str, kind: str) -> Sql:
    wanted = trino_type(kind, timestamp_precision=6)
    return Sql(f"ALTER TABLE {table} ALTER COLUMN {quote(column)} SET DATA TYPE {wanted}")


def _trino_column(column: model.Column) -> str:
    comment = f" COMMENT {literal(column.comment)}" if column.comment else ""
    return f"{quote(column.name)} {trino_type(column.type, timestamp_precision=6)}{comment}"
