"""Trino's types as Glue writes them: in Hive's words."""

from sqlglot import exp

HIVE_NAMES = {
    exp.DataType.Type.INT: "int",
    exp.DataType.Type.FLOAT: "float",
    exp.DataType.Type.VARBINARY: "binary",
    exp.DataType.Type.TIMESTAMPTZ: "timestamp with time zone",
    exp.DataType.Type.TEXT: "string",
}
# Hive's timestamp and time have no precision to write down.
WITHOUT_PRECISION = {exp.DataType.Type.TIMESTAMP, exp.DataType.Type.TIMESTAMPTZ, exp.DataType.Type.TIME}


def hive_type(trino_type: str) -> str:
    """`row("a" integer, "b" array(varchar))` → `struct<a:int,b:array<string>>`."""
    return _written(exp.DataType.build(trino_type, dialect="trino"))


def _written(node: exp.Expression) -> str:
    if isinstance(node, exp.ColumnDef):
        return f"{node.name}:{_written(node.args['kind'])}"
    if not isinstance(node, exp.DataType):
        return node.sql()
    kind = node.this
    inner = [_written(part) for part in node.expressions]
    if kind == exp.DataType.Type.STRUCT:
        # Trino's rows may have fields without names, Hive's structs may not.
        named = [
            field if isinstance(part, exp.ColumnDef) else f"field{position}:{field}"
            for position, (part, field) in enumerate(zip(node.expressions, inner, strict=True))
        ]
        return f"struct<{','.join(named)}>"
    if node.args.get("nested"):
        return f"{kind.value.lower()}<{','.join(inner)}>"
    if kind == exp.DataType.Type.VARCHAR and not inner:
        return "string"
    name = HIVE_NAMES.get(kind, node.sql(dialect="trino").split("(")[0].lower())
    return f"{name}({','.join(inner)})" if inner and kind not in WITHOUT_PRECISION else name
