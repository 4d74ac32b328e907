"""CREATE TABLE, CREATE TABLE AS, CREATE DATABASE and UNLOAD."""

from typing import Any

from localaws.statements import model
from localaws.statements.errors import (
    StatementError,
    execution_error,
    semantic_error,
)
from localaws.statements.plan import (
    ALREADY_EXISTS,
    DEFAULT_CATALOG,
    HIVE_CATALOG,
    NOT_FOUND,
    ONE_WRITER,
    Catalog,
    CheckTypes,
    Files,
    Glue,
    Output,
    Plan,
    Session,
    Sql,
    Step,
    literal,
    quote,
)
from localaws.statements.serde import storage
from localaws.statements.types import trino_type

_HIVE_CTAS = {
    "format": "format",
    "partitioned_by": "partitioned_by",
    "bucketed_by": "bucketed_by",
    "bucket_count": "bucket_count",
    "field_delimiter": "textfile_field_separator",
    "external_location": "external_location",
}
_HIVE_FORMATS = {"PARQUET", "ORC", "AVRO", "JSON", "TEXTFILE", "ION"}
_ICEBERG_CTAS = {"format": "format", "partitioning": "partitioning", "location": "location"}
_COMPRESSION = ("write_compression", "compression", "parquet_compression", "orc_compression")
_CODECS = {"ZLIB": "GZIP", **{name: name for name in ("NONE", "SNAPPY", "GZIP", "ZSTD", "LZ4")}}
# Properties that mean something to Athena alone; Trino keeps them with the table.
ICEBERG_KEPT = (
    "vacuum_min_snapshots_to_keep",
    "vacuum_max_snapshot_age_seconds",
    "vacuum_max_metadata_files_to_keep",
    "optimize_rewrite_data_file_threshold",
    "optimize_rewrite_delete_file_threshold",
    "optimize_rewrite_min_data_file_size_bytes",
    "optimize_rewrite_max_data_file_size_bytes",
)


def create_table_as(statement: model.CreateTableAs, session: Session, catalog: Catalog) -> Plan:
    """The place must be empty and the name free before anything is written."""
    database, name = session.database_of(statement.table), statement.table.name
    if catalog.table(database, name) is not None:
        if statement.if_not_exists:
            return Plan(statement.kind, (), Output.TABLE)
        message = f"line 1:1: Destination table '{DEFAULT_CATALOG}.{database}.{name}' already exists"
        raise StatementError("TABLE_ALREADY_EXISTS", message)
    properties = dict(statement.properties)
    iceberg = str(properties.pop("table_type", "hive")).upper() == "ICEBERG"
    is_external = properties.pop("is_external", None)
    if iceberg and is_external is not False:
        raise StatementError("INVALID_TABLE_PROPERTY", "is_external must be false for an Iceberg table")
    return (
        _iceberg_ctas(statement, properties, session)
        if iceberg
        else _hive_ctas(statement, properties, session)
    )


def _iceberg_ctas(statement: model.CreateTableAs, properties: model.Properties, session: Session) -> Plan:
    if not properties.get("location"):
        raise StatementError("INVALID_TABLE_PROPERTY", "location must be set for an Iceberg table")
    session_properties = _write_session(properties, DEFAULT_CATALOG)
    given = {_ICEBERG_CTAS[key]: value for key, value in properties.items() if key in _ICEBERG_CTAS}
    given["format"] = str(given.get("format", "PARQUET")).upper()
    location = str(given["location"]).rstrip("/")
    given["location"] = location
    extra = {key: str(value) for key, value in properties.items() if key in ICEBERG_KEPT}
    _refuse_unknown(properties, {*_ICEBERG_CTAS, *ICEBERG_KEPT, *_COMPRESSION})
    create = _create_as(statement, session, None, given, extra)
    steps: tuple[Step, ...] = (
        CheckTypes(statement.body, "iceberg", statement.line, statement.column),
        Sql(create, session_properties),
        Files(location),
    )
    return Plan(statement.kind, steps, Output.TABLE)


def _hive_ctas(statement: model.CreateTableAs, properties: model.Properties, session: Session) -> Plan:
    session_properties = _write_session(properties, HIVE_CATALOG)
    _refuse_unknown(properties, {*_HIVE_CTAS, *_COMPRESSION})
    given = {_HIVE_CTAS[key]: value for key, value in properties.items() if key in _HIVE_CTAS}
    given["format"] = _hive_format(given.get("format"))
    default = f"{session.output_location.rstrip('/')}/tables/{session.query_id}"
    location = str(given.get("external_location") or default).rstrip("/")
    given["external_location"] = location + "/"
    steps: tuple[Step, ...] = (
        CheckTypes(statement.body, "hive", statement.line, statement.column),
        Sql(_create_as(statement, session, HIVE_CATALOG, given, {}), session_properties),
        Files(location),
    )
    return Plan(statement.kind, steps, Output.TABLE)


def unload(statement: model.Unload, session: Session, catalog: Catalog) -> Plan:
    """UNLOAD is a Hive CTAS at the place, whose entry is dropped again."""
    del catalog
    properties = dict(statement.properties)
    session_properties = _write_session(properties, HIVE_CATALOG)
    _refuse_unknown(properties, {"format", "partitioned_by", "field_delimiter", *_COMPRESSION})
    if "format" not in properties:
        raise StatementError("INVALID_ARGUMENT", "UNLOAD needs a format")
    given = {_HIVE_CTAS[key]: value for key, value in properties.items() if key in _HIVE_CTAS}
    given["format"] = _hive_format(given["format"])
    location = statement.location.rstrip("/")
    given["external_location"] = location + "/"
    name = "unload_" + session.query_id.replace("-", "_")
    table = model.TableName(name, session.database)
    create = f"CREATE TABLE {session.trino_name(table, HIVE_CATALOG)} {_with(given, {})} AS {statement.body}"
    steps: tuple[Step, ...] = (
        CheckTypes(statement.body, "hive", statement.line, statement.column),
        Sql(create, session_properties),
        Glue("delete_table", {"DatabaseName": session.database, "Name": name}, NOT_FOUND, always=True),
        Files(location),
    )
    return Plan(statement.kind, steps, Output.COUNT)


def create_table(statement: model.CreateTable, session: Session, catalog: Catalog) -> Plan:
    kind = statement.properties.get("table_type", "").upper()
    if kind == "ICEBERG":
        return _create_iceberg(statement, session)
    database, name = session.database_of(statement.table), statement.table.name
    if catalog.table(database, name) is not None:
        if statement.if_not_exists:
            return Plan(statement.kind, (), Output.TEXT)
        raise execution_error(f"AlreadyExistsException(message:Table {name} already exists.)")
    if not statement.location:
        raise semantic_error("No location was given for the external table")
    created = {"DatabaseName": database, "TableInput": _table_input(statement)}
    forgives = ALREADY_EXISTS if statement.if_not_exists else ""
    return Plan(statement.kind, (Glue("create_table", created, forgives),), Output.TEXT)


def create_database(statement: model.CreateDatabase, catalog: Catalog) -> Plan:
    if catalog.database_exists(statement.name):
        if statement.if_not_exists:
            return Plan(statement.kind, (), Output.TEXT)
        raise execution_error(f"Database {statement.name} already exists")
    given: dict[str, Any] = {
        "Name": statement.name,
        "Description": statement.comment,
        "LocationUri": statement.location,
        "Parameters": statement.properties or None,
    }
    database = {key: value for key, value in given.items() if value is not None}
    forgives = ALREADY_EXISTS if statement.if_not_exists else ""
    call = Glue("create_database", {"DatabaseInput": database}, forgives)
    return Plan(statement.kind, (call,), Output.TEXT)


def _create_iceberg(statement: model.CreateTable, session: Session) -> Plan:
    if statement.external:
        raise StatementError("", "Iceberg tables cannot be EXTERNAL: leave the word out")
    if not statement.location:
        raise StatementError("", "Table location can not be null for Iceberg table type.")
    columns = ", ".join(_trino_column(column) for column in statement.columns)
    given: model.Properties = {"location": statement.location.rstrip("/")}
    given["format"] = statement.properties.get("format", "PARQUET").upper()
    transforms = tuple(_transform(part) for part in statement.partitions)
    if transforms:
        given["partitioning"] = transforms
    own = {"table_type", "format", "write_compression"}
    extra = {key: value for key, value in statement.properties.items() if key not in own}
    require_iceberg_properties(extra)
    exists = "IF NOT EXISTS " if statement.if_not_exists else ""
    comment = f" COMMENT {literal(statement.comment)}" if statement.comment else ""
    name = session.trino_name(statement.table)
    return Plan(
        statement.kind,
        (Sql(f"CREATE TABLE {exists}{name} ({columns}){comment} {_with(given, extra)}"),),
        Output.TEXT,
    )


def require_iceberg_properties(properties: dict[str, str]) -> None:
    """Refuse what Athena does not take as a property of an Iceberg table."""
    for key in properties:
        if key not in ICEBERG_KEPT:
            raise StatementError("", f"Unsupported table property key: {key}")


def _trino_column(column: model.Column) -> str:
    kind = trino_type(column.type, timestamp_precision=6)
    if kind in ("smallint", "tinyint") or kind.startswith("char("):
        raise StatementError("NOT_SUPPORTED", f"Type not supported for Iceberg: {kind}")
    comment = f" COMMENT {literal(column.comment)}" if column.comment else ""
    return f"{quote(column.name)} {kind}{comment}"


def _transform(part: model.Column | model.Transform) -> str:
    if isinstance(part, model.Column):
        raise StatementError("", f"Iceberg partition columns carry no type: {part.name} {part.type}")
    if part.function == "identity":
        return part.column
    argument = f", {part.argument}" if part.argument is not None else ""
    return f"{part.function}({part.column}{argument})"


def _table_input(statement: model.CreateTable) -> dict[str, Any]:
    keys = []
    for part in statement.partitions:
        if isinstance(part, model.Transform):
            raise semantic_error(f"The partition column {part.column} has no type")
        keys.append(glue_column(part))
    parameters = {"EXTERNAL": "TRUE", **statement.properties}
    if statement.comment:
        parameters["comment"] = statement.comment
    return {
        "Name": statement.table.name,
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
        "PartitionKeys": keys,
        "StorageDescriptor": {
            "Columns": [glue_column(column) for column in statement.columns],
            "Location": statement.location,
            "NumberOfBuckets": statement.bucket_count if statement.bucket_count is not None else -1,
            "BucketColumns": list(statement.bucketed_by),
            "SortColumns": [],
            "StoredAsSubDirectories": False,
            **storage(statement.stored_as, statement.row_format),
        },
    }


def glue_column(column: model.Column) -> dict[str, str]:
    """A column as Glue keeps it."""
    found = {"Name": column.name, "Type": column.type}
    return {**found, "Comment": column.comment} if column.comment else found


def _create_as(
    statement: model.CreateTableAs,
    session: Session,
    catalog: str | None,
    properties: model.Properties,
    extra: dict[str, str],
) -> str:
    exists = "IF NOT EXISTS " if statement.if_not_exists else ""
    name = session.trino_name(statement.table, catalog)
    no_data = "" if statement.with_data else "\nWITH NO DATA"
    return f"CREATE TABLE {exists}{name} {_with(properties, extra)} AS\n{statement.body}{no_data}"


def _with(properties: model.Properties, extra: dict[str, str]) -> str:
    parts = [f"{key} = {_rendered(value)}" for key, value in properties.items()]
    if extra:
        keys, values = (", ".join(literal(text) for text in side) for side in (extra.keys(), extra.values()))
        parts.append(f"extra_properties = MAP(ARRAY[{keys}], ARRAY[{values}])")
    return f"WITH ({', '.join(parts)})"


def _rendered(value: model.Value) -> str:
    if isinstance(value, tuple):
        return "ARRAY[" + ", ".join(_rendered(item) for item in value) + "]"
    return literal(value) if isinstance(value, str) else str(value)


def _hive_format(given: model.Value) -> str:
    name = str(given or "PARQUET").upper()
    if name not in _HIVE_FORMATS:
        raise StatementError("INVALID_TABLE_PROPERTY", f"Unsupported format: {name}")
    return name


def _write_session(properties: model.Properties, catalog: str) -> dict[str, str]:
    given = next((str(properties[key]).upper() for key in _COMPRESSION if properties.get(key)), None)
    if given is None:
        return ONE_WRITER
    if given not in _CODECS:
        raise StatementError("INVALID_TABLE_PROPERTY", f"Unsupported compression: {given}")
    return {**ONE_WRITER, f"{catalog}.compression_codec": _CODECS[given]}


def _refuse_unknown(properties: model.Properties, known: set[str]) -> None:
    for key in properties:
        if key not in known:
            raise StatementError("INVALID_TABLE_PROPERTY", f"Table property '{key}' does not exist")
