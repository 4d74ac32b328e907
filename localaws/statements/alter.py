"""ALTER TABLE … and ALTER DATABASE …"""

from localaws.statements import kinds, model
from localaws.statements.create import read_column
from localaws.statements.errors import UnsupportedStatementError
from localaws.statements.reader import Reader


def read_alter(reader: Reader) -> model.Statement:
    reader.expect("ALTER")
    if reader.take("DATABASE") or reader.take("SCHEMA"):
        return _database(reader)
    if not reader.take("TABLE"):
        raise UnsupportedStatementError
    table = reader.table()
    statement = _action(reader, table)
    reader.done()
    return statement


def _database(reader: Reader) -> model.Statement:
    name = reader.name()
    reader.expect("SET", "DBPROPERTIES")
    properties = reader.string_properties()
    reader.done()
    return model.AlterDatabase(kinds.ALTER_DATABASE, name, properties)


def _action(reader: Reader, table: model.TableName) -> model.Statement:
    for words, read in _ACTIONS:
        if reader.take(*words):
            return read(reader, table)
    raise reader.mismatch("'ADD', 'CHANGE', 'DROP', 'PARTITION', 'RENAME', 'REPLACE', 'SET', 'UNSET'")


def _add(reader: Reader, table: model.TableName) -> model.Statement:
    if reader.take("COLUMNS"):
        return model.AddColumns(kinds.ADD_COLUMNS, table, reader.listed(lambda: read_column(reader)))
    if_not_exists = reader.take("IF", "NOT", "EXISTS")
    partitions = [_partition(reader)]
    while reader.at("PARTITION"):
        partitions.append(_partition(reader))
    return model.AddPartitions(kinds.ADD_PARTITION, table, if_not_exists, tuple(partitions))


def _replace(reader: Reader, table: model.TableName) -> model.Statement:
    reader.expect("COLUMNS")
    return model.ReplaceColumns(kinds.REPLACE_COLUMNS, table, reader.listed(lambda: read_column(reader)))


def _change(reader: Reader, table: model.TableName) -> model.Statement:
    reader.take("COLUMN")
    old = reader.name()
    new = reader.name()
    kind = reader.type("COMMENT", "FIRST", "AFTER")
    comment = reader.string() if reader.take("COMMENT") else None
    position = None
    if reader.take("FIRST"):
        position = "first"
    elif reader.take("AFTER"):
        position = f"after {reader.name()}"
    return model.ChangeColumn(kinds.CHANGE_COLUMN, table, old, model.Column(new, kind, comment), position)


def _drop(reader: Reader, table: model.TableName) -> model.Statement:
    if reader.take("COLUMN"):
        return model.DropColumn(kinds.DROP_COLUMN, table, reader.name())
    if_exists = reader.take("IF", "EXISTS")
    partitions = [_partition(reader)]
    while reader.take(",") or reader.at("PARTITION"):
        partitions.append(_partition(reader))
    return model.DropPartitions(kinds.DROP_PARTITION, table, if_exists, tuple(partitions))


def _rename(reader: Reader, table: model.TableName) -> model.Statement:
    reader.expect("TO")
    return model.RenameTable(kinds.RENAME_TABLE, table, reader.table())


def _set(reader: Reader, table: model.TableName) -> model.Statement:
    if reader.take("LOCATION"):
        return model.SetLocation(kinds.SET_LOCATION, table, reader.string())
    reader.expect("TBLPROPERTIES")
    return model.SetProperties(kinds.SET_PROPERTIES, table, reader.string_properties())


def _unset(reader: Reader, table: model.TableName) -> model.Statement:
    reader.expect("TBLPROPERTIES")
    return model.UnsetProperties(kinds.SET_PROPERTIES, table, reader.listed(reader.string))


def _of_partition(reader: Reader, table: model.TableName) -> model.Statement:
    spec = model.PartitionSpec(reader.listed(lambda: partition_value(reader)))
    if reader.take("SET", "LOCATION"):
        return model.SetLocation(kinds.SET_LOCATION, table, reader.string(), spec)
    reader.expect("RENAME", "TO")
    return model.RenamePartition(kinds.RENAME_PARTITION, table, spec, _partition(reader))


def _partition(reader: Reader) -> model.PartitionSpec:
    reader.expect("PARTITION")
    values = reader.listed(lambda: partition_value(reader))
    return model.PartitionSpec(values, reader.string() if reader.take("LOCATION") else None)


def partition_value(reader: Reader) -> tuple[str, str]:
    """`key = value`"""
    name = reader.name()
    reader.expect("=")
    return name, str(reader.value())


_ACTIONS = (
    (("ADD",), _add),
    (("REPLACE",), _replace),
    (("CHANGE",), _change),
    (("DROP",), _drop),
    (("RENAME",), _rename),
    (("SET",), _set),
    (("UNSET",), _unset),
    (("PARTITION",), _of_partition),
)
