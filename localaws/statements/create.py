"""CREATE … and DROP …"""

from localaws.statements import kinds, model
from localaws.statements.errors import MalformedStatementError, UnsupportedStatementError
from localaws.statements.reader import Reader

_DELIMITED = (
    (("FIELDS", "TERMINATED", "BY"), "field.delim"),
    (("ESCAPED", "BY"), "escape.delim"),
    (("COLLECTION", "ITEMS", "TERMINATED", "BY"), "collection.delim"),
    (("MAP", "KEYS", "TERMINATED", "BY"), "mapkey.delim"),
    (("LINES", "TERMINATED", "BY"), "line.delim"),
    (("NULL", "DEFINED", "AS"), "serialization.null.format"),
)


def read_create(reader: Reader) -> model.Statement:
    if reader.at("CREATE", "VIEW") or reader.at("CREATE", "OR", "REPLACE", "VIEW"):
        return model.Engine(kinds.CREATE_VIEW, reader.text, returns_rows=False)
    reader.expect("CREATE")
    if reader.take("SCHEMA") or reader.take("DATABASE"):
        return _database(reader)
    external = reader.take("EXTERNAL")
    if not reader.take("TABLE"):
        raise UnsupportedStatementError
    if not external and reader.has("AS"):
        return _table_as(reader)
    return _table(reader, external=external)


def read_drop(reader: Reader) -> model.Statement:
    reader.expect("DROP")
    if reader.take("SCHEMA") or reader.take("DATABASE"):
        if_exists = reader.take("IF", "EXISTS")
        name = reader.name()
        cascade = reader.take("CASCADE")
        reader.take("RESTRICT")
        reader.done()
        return model.DropDatabase(kinds.DROP_DATABASE, name, if_exists, cascade)
    view = reader.take("VIEW")
    if not view and not reader.take("TABLE"):
        raise UnsupportedStatementError
    if_exists = reader.take("IF", "EXISTS")
    table = reader.table()
    reader.done()
    if view:
        return model.DropView(kinds.DROP_VIEW, table, if_exists)
    return model.DropTable(kinds.DROP_TABLE, table, if_exists)


def _database(reader: Reader) -> model.Statement:
    if_not_exists = reader.take("IF", "NOT", "EXISTS")
    name = reader.name()
    comment = reader.string() if reader.take("COMMENT") else None
    location = reader.string() if reader.take("LOCATION") else None
    properties = reader.string_properties() if reader.take("WITH", "DBPROPERTIES") else {}
    reader.done()
    return model.CreateDatabase(kinds.CREATE_DATABASE, name, if_not_exists, comment, location, properties)


def _table_as(reader: Reader) -> model.Statement:
    if_not_exists = reader.take("IF", "NOT", "EXISTS")
    table = reader.table()
    properties = reader.properties() if reader.take("WITH") else {}
    reader.expect("AS")
    line, column = reader.place()
    with_data = not reader.drop_end("WITH", "NO", "DATA")
    reader.drop_end("WITH", "DATA")
    body = reader.rest()
    kind = kinds.CREATE_TABLE_AS_SELECT
    return model.CreateTableAs(kind, table, if_not_exists, properties, body, line, column, with_data)


def _table(reader: Reader, *, external: bool) -> model.Statement:
    if_not_exists = reader.take("IF", "NOT", "EXISTS")
    table = reader.table()
    columns = reader.listed(lambda: read_column(reader))
    comment = reader.string() if reader.take("COMMENT") else None
    partitions = reader.listed(lambda: _partition(reader)) if reader.take("PARTITIONED", "BY") else ()
    bucketed_by: tuple[str, ...] = ()
    bucket_count = None
    if reader.take("CLUSTERED", "BY"):
        bucketed_by = reader.listed(reader.name)
        reader.expect("INTO")
        bucket_count = reader.number()
        reader.expect("BUCKETS")
    row_format = _row_format(reader) if reader.take("ROW", "FORMAT") else None
    stored_as = _stored_as(reader) if reader.take("STORED", "AS") else None
    location = reader.string() if reader.take("LOCATION") else None
    properties = reader.string_properties() if reader.take("TBLPROPERTIES") else {}
    reader.done()
    if not external and properties.get("table_type", "").upper() != "ICEBERG":
        raise MalformedStatementError(
            "line 1:8: missing 'EXTERNAL' at 'TABLE': Athena creates no other Hive tables"
        )
    return model.CreateTable(
        kinds.CREATE_TABLE,
        table,
        external,
        if_not_exists,
        columns,
        comment,
        partitions,
        bucketed_by,
        bucket_count,
        row_format,
        stored_as,
        location,
        properties,
    )


def read_column(reader: Reader) -> model.Column:
    """`name type [COMMENT 'text']`"""
    name = reader.name()
    kind = reader.type("COMMENT")
    comment = reader.string() if reader.take("COMMENT") else None
    return model.Column(name, kind, comment)


def _partition(reader: Reader) -> model.Column | model.Transform:
    name = reader.name()
    if reader.take("("):
        argument = reader.number() if name in ("bucket", "truncate") else None
        if argument is not None:
            reader.expect(",")
        column = reader.name()
        reader.expect(")")
        return model.Transform(name, column, argument)
    if reader.at(",") or reader.at(")"):
        return model.Transform("identity", name)
    kind = reader.type("COMMENT")
    return model.Column(name, kind, reader.string() if reader.take("COMMENT") else None)


def _row_format(reader: Reader) -> model.RowFormat:
    if reader.take("SERDE"):
        serde = reader.string()
        parameters = reader.string_properties() if reader.take("WITH", "SERDEPROPERTIES") else {}
        return model.RowFormat(serde, parameters)
    reader.expect("DELIMITED")
    parameters = {}
    while (clause := next((pair for pair in _DELIMITED if reader.take(*pair[0])), None)) is not None:
        parameters[clause[1]] = reader.string()
    return model.RowFormat(None, parameters)


def _stored_as(reader: Reader) -> model.StoredAs:
    if reader.take("INPUTFORMAT"):
        input_format = reader.string()
        reader.expect("OUTPUTFORMAT")
        return model.StoredAs(None, input_format, reader.string())
    return model.StoredAs(reader.name())
