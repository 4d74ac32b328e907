"""Athena SQL text → what it says."""

from collections.abc import Callable

from localaws.statements import alter, create, kinds, model, show
from localaws.statements.errors import MalformedStatementError, UnsupportedStatementError
from localaws.statements.newer import refuse_syntax, refuse_windows, unknown_function
from localaws.statements.reader import Reader

_ROWS = {
    "SELECT": kinds.SELECT,
    "WITH": kinds.SELECT,
    "VALUES": kinds.SELECT,
    "TABLE": kinds.SELECT,
    "(": kinds.SELECT,
}
_WRITES = {
    "UPDATE": kinds.UPDATE,
    "DELETE": kinds.DELETE,
    "MERGE": kinds.MERGE,
}
# Statements that Hive's half of Athena reads, with backticks; all others quote names with double quotes.
_HIVE_FIRST = (
    ("ALTER",),
    ("MSCK",),
    ("SHOW",),
    ("DESCRIBE",),
    ("DESC",),
    ("DROP", "TABLE"),
    ("CREATE", "EXTERNAL"),
    *((verb, noun) for verb in ("CREATE", "DROP") for noun in ("SCHEMA", "DATABASE")),
)


def parse(text: str) -> model.Statement:
    """Read one statement; comments in front and a semicolon behind are no part of it.

    Raises MalformedStatementError where Athena would not start a query at all.
    """
    reader = _reader(text)
    if reader.current is None:
        raise MalformedStatementError("line 1:1: mismatched input '<EOF>'. Expecting: a statement")
    hive = _is_hive(reader)
    if hive:
        # Where a string ends, Hive tells in another way: nothing is known of semicolons before.
        reader = Reader(text, hive=True)
    if reader.several():
        raise MalformedStatementError(f"Only one sql statement is allowed. Got: {text}")
    if hive:
        return _read(reader)
    refuse_syntax(reader)
    error = refuse_windows(reader) or unknown_function(reader)
    statement = _read(reader)
    # What is prepared is looked at when it is executed.
    if error is None or isinstance(statement, model.Prepare | model.Execute):
        return statement
    return model.Refused(statement.kind, error.name, error.message)


def _read(reader: Reader) -> model.Statement:
    token = reader.current
    word = token.text.upper() if token is not None and not token.quoted else ""
    if word in _ROWS:
        return model.Engine(_ROWS[word], reader.text, returns_rows=True)
    if word in _WRITES:
        return model.Engine(_WRITES[word], reader.text, returns_rows=False)
    if (read := _READERS.get(word)) is None:
        raise _refusal(reader)
    return read(reader)


def _reader(text: str) -> Reader:
    try:
        return Reader(text, hive=False)
    except MalformedStatementError:
        # Hive's escapes may leave a quote open that Trino's would close.
        return Reader(text, hive=True)


def _is_hive(reader: Reader) -> bool:
    if reader.at("CREATE", "TABLE"):
        return not reader.has("AS")
    return any(reader.at(*words) for words in _HIVE_FIRST)


def _insert(reader: Reader) -> model.Statement:
    reader.expect("INSERT")
    if not reader.take("INTO"):
        # Trino says best what is wrong with it.
        return model.Engine(kinds.INSERT, reader.text, returns_rows=False)
    return model.Insert(kinds.INSERT, reader.table(), reader.text)


def _refusal(reader: Reader) -> MalformedStatementError:
    if any(reader.at(word) for word in _NOT_ATHENA):
        return UnsupportedStatementError()
    return reader.mismatch("a statement")


def _explain(reader: Reader) -> model.Statement:
    return model.Engine(kinds.EXPLAIN, reader.text, returns_rows=True)


def _optimize(reader: Reader) -> model.Statement:
    reader.expect("OPTIMIZE")
    table = reader.table()
    reader.expect("REWRITE", "DATA", "USING", "BIN_PACK")
    where = reader.rest() if reader.take("WHERE") else None
    reader.done()
    return model.Optimize(kinds.OPTIMIZE, table, where)


def _vacuum(reader: Reader) -> model.Statement:
    reader.expect("VACUUM")
    table = reader.table()
    reader.done()
    return model.Vacuum(kinds.VACUUM, table)


def _repair(reader: Reader) -> model.Statement:
    reader.expect("MSCK", "REPAIR", "TABLE")
    table = reader.table()
    reader.done()
    return model.RepairTable(kinds.REPAIR_TABLE, table)


def _unload(reader: Reader) -> model.Statement:
    reader.expect("UNLOAD")
    line, column = reader.place()
    body = reader.parenthesized()
    reader.expect("TO")
    location = reader.string()
    reader.expect("WITH")
    properties = reader.properties()
    reader.done()
    return model.Unload(kinds.UNLOAD, body, location, properties, line, column + 1)


def _prepare(reader: Reader) -> model.Statement:
    reader.expect("PREPARE")
    name = reader.name()
    reader.expect("FROM")
    return model.Prepare(kinds.PREPARE, name, reader.rest())


def _execute(reader: Reader) -> model.Statement:
    reader.expect("EXECUTE")
    name = reader.name()
    arguments = []
    if reader.take("USING"):
        arguments.append(reader.until())
        while reader.take(","):
            arguments.append(reader.until())
    reader.done()
    return model.Execute(kinds.EXECUTE, name, tuple(arguments))


def _deallocate(reader: Reader) -> model.Statement:
    reader.expect("DEALLOCATE", "PREPARE")
    name = reader.name()
    reader.done()
    return model.Deallocate(kinds.DEALLOCATE, name)


_READERS: dict[str, Callable[[Reader], model.Statement]] = {
    "CREATE": create.read_create,
    "DROP": create.read_drop,
    "ALTER": alter.read_alter,
    "SHOW": show.read_show,
    "DESCRIBE": show.read_describe,
    "DESC": show.read_describe,
    "EXPLAIN": _explain,
    "INSERT": _insert,
    "OPTIMIZE": _optimize,
    "VACUUM": _vacuum,
    "MSCK": _repair,
    "UNLOAD": _unload,
    "PREPARE": _prepare,
    "EXECUTE": _execute,
    "DEALLOCATE": _deallocate,
}
# Trino's own statements that Athena does not take.
_NOT_ATHENA = (
    "TRUNCATE",
    "ANALYZE",
    "CALL",
    "GRANT",
    "REVOKE",
    "DENY",
    "COMMENT",
    "SET",
    "RESET",
    "USE",
    "START",
    "COMMIT",
    "ROLLBACK",
    "REFRESH",
)
