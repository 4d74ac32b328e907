"""Types as Hive, Glue and Trino write them. sqlglot reads; what it cannot tell apart is told here."""

from collections.abc import Callable
from typing import Any

from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

from localaws.statements.errors import MalformedStatementError

_TYPE = exp.DType
Inner = list[Any]
_SIMPLE = {
    _TYPE.BOOLEAN: ("boolean", "boolean"),
    _TYPE.TINYINT: ("tinyint", "tinyint"),
    _TYPE.SMALLINT: ("smallint", "smallint"),
    _TYPE.INT: ("int", "integer"),
    _TYPE.BIGINT: ("bigint", "bigint"),
    _TYPE.FLOAT: ("float", "real"),
    _TYPE.DOUBLE: ("double", "double"),
    _TYPE.TEXT: ("string", "varchar"),
    _TYPE.BINARY: ("binary", "varbinary"),
    _TYPE.DATE: ("date", "date"),
}


def parse_type(text: str) -> exp.DataType:
    """A Hive type, nested ones as well. Raises MalformedStatementError when it is none."""
    try:
        found = exp.DataType.build(text, dialect="hive", udt=False)
    except (ParseError, TokenError, ValueError) as error:
        raise MalformedStatementError(f"mismatched input '{text}'. Expecting: a type") from error
    if not isinstance(found, exp.DataType):
        raise MalformedStatementError(f"mismatched input '{text}'. Expecting: a type")
    return found


def hive_type(text: str) -> str:
    """The type as Glue keeps it: lower case, no blanks, `string` for a bare `varchar`."""
    return _hive(parse_type(text))


def trino_type(text: str, *, timestamp_precision: int = 3) -> str:
    """The same type in Trino's words; Iceberg's timestamps have 6 digits, Hive's 3."""
    return _trino(parse_type(text), timestamp_precision)


def _hive(kind: exp.DataType) -> str:
    if kind.this in _SIMPLE:
        return _SIMPLE[kind.this][0]
    if (write := _HIVE.get(kind.this)) is None:
        raise MalformedStatementError(f"Unsupported type: {kind.sql(dialect='hive').lower()}")
    return write(kind.expressions)


def _hive_text(name: str) -> Callable[[Inner], str]:
    return lambda length: f"{name}({_numbers(length)})" if length else "string"


def _hive_struct(fields: Inner) -> str:
    return "struct<" + ",".join(f"{name}:{_hive(inner)}" for name, inner in _fields(fields)) + ">"


_HIVE: dict[exp.DType, Callable[[Inner], str]] = {
    _TYPE.VARCHAR: _hive_text("varchar"),
    _TYPE.CHAR: _hive_text("char"),
    _TYPE.DECIMAL: lambda numbers: f"decimal({_numbers(numbers) or '10,0'})",
    _TYPE.TIMESTAMP: lambda _: "timestamp",
    _TYPE.TIMESTAMPTZ: lambda _: "timestamp",
    _TYPE.ARRAY: lambda inner: f"array<{_hive(inner[0])}>",
    _TYPE.MAP: lambda inner: f"map<{_hive(inner[0])},{_hive(inner[1])}>",
    _TYPE.STRUCT: _hive_struct,
}


def _trino(kind: exp.DataType, precision: int) -> str:
    arguments = kind.expressions
    if kind.this in _SIMPLE:
        return _SIMPLE[kind.this][1]
    if kind.this in (_TYPE.TIMESTAMP, _TYPE.TIMESTAMPTZ):
        return f"timestamp({precision})"
    if kind.this is _TYPE.ARRAY:
        return f"array({_trino(arguments[0], precision)})"
    if kind.this is _TYPE.MAP:
        return f"map({_trino(arguments[0], precision)}, {_trino(arguments[1], precision)})"
    if kind.this is _TYPE.STRUCT:
        fields = ", ".join(f'"{name}" {_trino(inner, precision)}' for name, inner in _fields(arguments))
        return f"row({fields})"
    return "varchar" if (plain := _hive(kind)) == "string" else plain


def _numbers(arguments: Inner) -> str:
    return ",".join(argument.name for argument in arguments)


def _fields(arguments: Inner) -> list[tuple[str, exp.DataType]]:
    fields = []
    for argument in arguments:
        kind = argument.args.get("kind")
        if not isinstance(argument, exp.ColumnDef) or not isinstance(kind, exp.DataType):
            raise MalformedStatementError(f"mismatched input '{argument}'. Expecting: name:type")
        fields.append((argument.name.lower(), kind))
    return fields
