"""SHOW … and DESCRIBE: lines of text out of the Glue catalog, laid out as Hive does."""

import re
from collections.abc import Iterable
from typing import Any

from localaws.statements import model
from localaws.statements.errors import execution_error, semantic_error
from localaws.statements.plan import (
    Catalog,
    Lines,
    Output,
    Plan,
    Session,
    SqlLines,
    is_iceberg,
    is_view,
    literal,
)
from localaws.statements.plan_alter import database_not_found, find, require_hive

_WIDTH = 20


def show_databases(statement: model.ShowDatabases, session: Session, catalog: Catalog) -> Plan:
    del session
    return _lines(statement, _matching(catalog.databases(), statement.pattern), "database_name")


def show_tables(statement: model.ShowTables, session: Session, catalog: Catalog) -> Plan:
    database = statement.database or session.database
    if not catalog.database_exists(database):
        raise database_not_found(database)
    names = [
        table["Name"] for table in catalog.tables(database) if is_view(table) or not statement.views_only
    ]
    column = "views" if statement.views_only else "tab_name"
    return _lines(statement, _matching(names, statement.pattern), column)


def show_columns(statement: model.ShowColumns, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    return _lines(statement, [column["Name"].ljust(_WIDTH) for column in _columns(table)], "field")


def show_partitions(statement: model.ShowPartitions, session: Session, catalog: Catalog) -> Plan:
    table = require_hive(statement.table, session, catalog, "SHOW PARTITIONS")
    keys = [key["Name"] for key in table.get("PartitionKeys", [])]
    if not keys:
        raise execution_error(f"Table {statement.table.name} is not a partitioned table")
    found = catalog.partitions(session.database_of(statement.table), statement.table.name)
    paths = ["/".join(map("=".join, zip(keys, part["Values"], strict=True))) for part in found]
    return _lines(statement, sorted(paths), "partition")


def show_properties(statement: model.ShowProperties, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    parameters = dict(table.get("Parameters", {}))
    if is_iceberg(table):
        parameters = _iceberg_properties(catalog.iceberg_metadata(table))
    if statement.name is not None:
        fallback = f"Table {statement.table.name} does not have property: {statement.name}"
        return _lines(statement, [parameters.get(statement.name, fallback)], "prpt_name", "prpt_value")
    lines = [f"{key}\t{value}" for key, value in sorted(parameters.items())]
    return _lines(statement, lines, "prpt_name", "prpt_value")


def show_create(statement: model.ShowCreate, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    name = session.trino_name(statement.table)
    if statement.view:
        return Plan(statement.kind, (SqlLines(f"SHOW CREATE VIEW {name}"),), Output.TEXT, ("Create View",))
    if is_view(table):
        raise semantic_error("SHOW CREATE TABLE is for tables: use SHOW CREATE VIEW for a view")
    database = session.database_of(statement.table)
    if is_iceberg(table):
        lines = _create_iceberg_lines(table, catalog.iceberg_metadata(table), database)
    else:
        lines = _create_hive_lines(table, database)
    return _lines(statement, lines, "createtab_stmt")


def describe(statement: model.Describe, session: Session, catalog: Catalog) -> Plan:
    table = find(statement.table, session, catalog)
    if statement.column is not None:
        return _described_column(statement, statement.column, table)
    columns = table["StorageDescriptor"]["Columns"]
    keys = table.get("PartitionKeys", [])
    lines = [_described(column) for column in (*columns, *keys)]
    if keys:
        lines += ["\t \t ", "# Partition Information\t \t ", "# " + _heading(), "\t \t "]
        lines += [_described(key) for key in keys]
    if statement.formatted:
        lines = ["# " + _heading(), "\t \t ", *lines, *_details(table, session.database_of(statement.table))]
    return _lines(statement, lines, "col_name", "data_type", "comment")


def _described_column(statement: model.Describe, name: str, table: dict[str, Any]) -> Plan:
    found = [_described(column) for column in _columns(table) if column["Name"] == name]
    if not found:
        raise semantic_error(f"Invalid column reference {name}", 10002)
    return _lines(statement, found, "col_name", "data_type", "comment")


def _details(table: dict[str, Any], database: str) -> list[str]:
    storage = table["StorageDescriptor"]
    serde = storage.get("SerdeInfo", {})
    pairs = [
        ("Database:", database),
        ("Owner:", table.get("Owner", "")),
        ("CreateTime:", str(table.get("CreateTime", ""))),
        ("Location:", storage.get("Location", "")),
        ("Table Type:", table.get("TableType", "")),
        ("SerDe Library:", serde.get("SerializationLibrary", "")),
        ("InputFormat:", storage.get("InputFormat", "")),
        ("OutputFormat:", storage.get("OutputFormat", "")),
    ]
    lines = ["\t \t ", "# Detailed Table Information\t \t "]
    lines += [f"{key.ljust(_WIDTH)}\t{value.ljust(_WIDTH)}\t " for key, value in pairs]
    lines.append("Table Parameters:\t \t ")
    lines += [
        f"\t{key.ljust(_WIDTH)}\t{value.ljust(_WIDTH)}" for key, value in sorted(table["Parameters"].items())
    ]
    return lines


def _heading() -> str:
    return "\t".join(title.ljust(_WIDTH) for title in ("col_name", "data_type", "comment"))


def _described(column: dict[str, Any]) -> str:
    cells = (column["Name"], column["Type"], column.get("Comment", ""))
    return "\t".join(cell.ljust(_WIDTH) for cell in cells)


def _columns(table: dict[str, Any]) -> list[dict[str, Any]]:
    return [*table["StorageDescriptor"]["Columns"], *table.get("PartitionKeys", [])]


def _create_hive_lines(table: dict[str, Any], database: str) -> list[str]:
    storage = table["StorageDescriptor"]
    lines = [f"CREATE EXTERNAL TABLE `{database}.{table['Name']}`("]
    lines += _closed(_definition(column) for column in storage["Columns"])
    if keys := table.get("PartitionKeys"):
        lines += ["PARTITIONED BY ( ", *_closed(_definition(key) for key in keys)]
    lines += _storage_lines(storage)
    lines += ["LOCATION", f"  {_text(storage.get('Location', ''))}"]
    shown = {key: value for key, value in table.get("Parameters", {}).items() if key != "EXTERNAL"}
    return [*lines, *_properties(shown)]


def _create_iceberg_lines(table: dict[str, Any], metadata: dict[str, Any], database: str) -> list[str]:
    storage = table["StorageDescriptor"]
    lines = [f"CREATE TABLE {database}.{table['Name']} ("]
    lines += _closed(_definition(column, quoted="") for column in storage["Columns"])
    if transforms := _transforms(metadata):
        lines.append(f"PARTITIONED BY ({', '.join(transforms)})")
    lines.append(f"LOCATION {_text(storage.get('Location', ''))}")
    return [*lines, *_properties(_iceberg_properties(metadata))]


def _transforms(metadata: dict[str, Any]) -> list[str]:
    """Hidden partitions in the words of Athena's DDL: `bucket(16, id)`."""
    schemas = {schema["schema-id"]: schema for schema in metadata["schemas"]}
    names = {field["id"]: field["name"] for field in schemas[metadata["current-schema-id"]]["fields"]}
    specs = {spec["spec-id"]: spec["fields"] for spec in metadata["partition-specs"]}
    transforms = []
    for field in specs[metadata["default-spec-id"]]:
        function, _, argument = field["transform"].rstrip("]").partition("[")
        column = f"`{names[field['source-id']]}`"
        numbered = f"{argument}, " if argument else ""
        transforms.append(column if function == "identity" else f"{function}({numbered}{column})")
    return transforms


def _iceberg_properties(metadata: dict[str, Any]) -> dict[str, str]:
    """Properties as Athena names them; the engine's own (`write.…`, `commit.…`) are not shown."""
    properties = metadata.get("properties", {})
    shown = {key: value for key, value in properties.items() if "." not in key}
    return {
        "table_type": "iceberg",
        "format": properties.get("write.format.default", "PARQUET").lower(),
        **shown,
    }


def _properties(shown: dict[str, str]) -> list[str]:
    pairs = [f"  {_text(key)}={_text(value)}" for key, value in sorted(shown.items())]
    return ["TBLPROPERTIES (", *_closed(pairs)] if pairs else []


def _storage_lines(storage: dict[str, Any]) -> list[str]:
    serde = storage.get("SerdeInfo", {})
    lines = ["ROW FORMAT SERDE ", f"  {_text(serde.get('SerializationLibrary', ''))} "]
    if parameters := serde.get("Parameters"):
        pairs = [f"  {_text(key)}={_text(value)}" for key, value in sorted(parameters.items())]
        lines += ["WITH SERDEPROPERTIES ( ", *_closed(pairs)]
    lines += ["STORED AS INPUTFORMAT ", f"  {_text(storage.get('InputFormat', ''))} "]
    return [*lines, "OUTPUTFORMAT ", f"  {_text(storage.get('OutputFormat', ''))}"]


def _closed(items: Iterable[str]) -> list[str]:
    listed = list(items)
    return [f"{item}, " for item in listed[:-1]] + [f"{listed[-1]})"]


def _definition(column: dict[str, Any], quoted: str = "`") -> str:
    comment = f" COMMENT {_text(column['Comment'])}" if column.get("Comment") else ""
    return f"  {quoted}{column['Name']}{quoted} {column['Type']}{comment}"


def _text(value: str) -> str:
    return literal(value.replace("\\", "\\\\").replace("\n", "\\n"))


def _matching(names: list[str], pattern: str | None) -> list[str]:
    """Names that match a pattern of Hive's: a regular expression in which `*` stands for anything."""
    if pattern is None:
        return sorted(names)
    try:
        found = re.compile(pattern.replace("*", ".*"), re.IGNORECASE)
    except re.error as error:
        raise semantic_error(f"'{pattern}' is no regular expression: {error}") from error
    return sorted(name for name in names if found.fullmatch(name))


def _lines(statement: model.Statement, lines: Iterable[str], *columns: str) -> Plan:
    return Plan(statement.kind, (Lines(tuple(lines)),), Output.TEXT, columns)
