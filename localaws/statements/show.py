"""SHOW … and DESCRIBE …"""

from localaws.statements import kinds, model
from localaws.statements.alter import partition_value
from localaws.statements.errors import UnsupportedStatementError
from localaws.statements.reader import Reader


def read_show(reader: Reader) -> model.Statement:
    reader.expect("SHOW")
    statement = _show(reader)
    reader.done()
    return statement


def read_describe(reader: Reader) -> model.Statement:
    if not reader.take("DESCRIBE"):
        reader.expect("DESC")
    if reader.at("INPUT") or reader.at("OUTPUT"):
        raise UnsupportedStatementError
    formatted = reader.take("FORMATTED") or reader.take("EXTENDED")
    reader.take("VIEW")
    table = reader.table()
    if reader.take("PARTITION"):
        # Every partition has the table's columns, as far as Athena shows.
        reader.listed(lambda: partition_value(reader))
    column = reader.name() if reader.current is not None else None
    reader.done()
    return model.Describe(kinds.DESCRIBE, table, formatted, column)


def _show(reader: Reader) -> model.Statement:  # noqa: PLR0911 (one return per noun)
    if reader.take("DATABASES") or reader.take("SCHEMAS"):
        return model.ShowDatabases(kinds.SHOW_DATABASES, _pattern(reader))
    if reader.take("TABLES"):
        return model.ShowTables(kinds.SHOW_TABLES, _database(reader), _pattern(reader))
    if reader.take("VIEWS"):
        return model.ShowTables(kinds.SHOW_VIEWS, _database(reader), _pattern(reader), views_only=True)
    if reader.take("COLUMNS"):
        return _columns(reader)
    if reader.take("PARTITIONS"):
        return model.ShowPartitions(kinds.SHOW_PARTITIONS, reader.table())
    if reader.take("TBLPROPERTIES"):
        table = reader.table()
        name = None
        if reader.take("("):
            name = reader.string()
            reader.expect(")")
        return model.ShowProperties(kinds.SHOW_PROPERTIES, table, name)
    if reader.take("CREATE", "TABLE"):
        return model.ShowCreate(kinds.SHOW_CREATE_TABLE, reader.table(), view=False)
    if reader.take("CREATE", "VIEW"):
        return model.ShowCreate(kinds.SHOW_CREATE_VIEW, reader.table(), view=True)
    raise UnsupportedStatementError


def _columns(reader: Reader) -> model.Statement:
    if not reader.take("FROM"):
        reader.expect("IN")
    table = reader.table()
    database = _database(reader)
    return model.ShowColumns(kinds.SHOW_COLUMNS, model.TableName(table.name, database or table.database))


def _database(reader: Reader) -> str | None:
    return reader.name() if reader.take("IN") or reader.take("FROM") else None


def _pattern(reader: Reader) -> str | None:
    reader.take("LIKE")
    token = reader.current
    return reader.string() if token is not None else None
