"""GetPartitions' Expression: which partitions it names, judged by the partition columns' types.

Read by sqlglot; the forms are those that AWS documents: comparisons, IN, BETWEEN, LIKE, IS NULL,
joined with AND, OR and NOT.
"""

import fnmatch
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

# How Hive writes a partition value that is null.
NULL = "__HIVE_DEFAULT_PARTITION__"
COMPARISONS: dict[type[exp.Expr], Callable[[Any, Any], bool]] = {
    exp.EQ: operator.eq,
    exp.NEQ: operator.ne,
    exp.LT: operator.lt,
    exp.LTE: operator.le,
    exp.GT: operator.gt,
    exp.GTE: operator.ge,
}
READERS: dict[str, Callable[[str], Any]] = {
    **dict.fromkeys(("tinyint", "smallint", "int", "integer", "bigint", "long"), int),
    "decimal": Decimal,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    # Blanks at its end are no part of it.
    "char": str.rstrip,
}


class UnsupportedExpressionError(Exception):
    """An expression that AWS Glue does not take either."""


@dataclass(frozen=True, slots=True)
class PartitionFilter:
    """A condition on the values of a partition; `types` are those of the partition columns, by name."""

    condition: exp.Expr
    types: Mapping[str, str]

    def takes(self, values: Mapping[str, str]) -> bool:
        """Whether these values fulfil it. Raises UnsupportedExpressionError."""
        return self._truth(self.condition, values) is True

    def _truth(self, node: exp.Expr, values: Mapping[str, str]) -> bool | None:
        """SQL's three values: None is unknown."""
        judge = _FORMS.get(type(node))
        if judge is None:
            raise UnsupportedExpressionError(f"Unsupported expression '{node.sql()}'")
        return judge(self, node, values)

    def paren(self, node: exp.Paren, values: Mapping[str, str]) -> bool | None:
        return self._truth(node.this, values)

    def negation(self, node: exp.Not, values: Mapping[str, str]) -> bool | None:
        found = self._truth(node.this, values)
        return None if found is None else not found

    def conjunction(self, node: exp.And, values: Mapping[str, str]) -> bool | None:
        found = {self._truth(node.left, values), self._truth(node.right, values)}
        return False if False in found else None if None in found else True

    def disjunction(self, node: exp.Or, values: Mapping[str, str]) -> bool | None:
        found = {self._truth(node.left, values), self._truth(node.right, values)}
        return True if True in found else None if None in found else False

    def comparison(self, node: exp.Binary, values: Mapping[str, str]) -> bool | None:
        kind = self._type(node.left, node.right)
        left, right = (_value(side, kind, values) for side in (node.left, node.right))
        return None if left is None or right is None else COMPARISONS[type(node)](left, right)

    def membership(self, node: exp.In, values: Mapping[str, str]) -> bool | None:
        kind = self._type(node.this)
        value = _value(node.this, kind, values)
        return None if value is None else value in [_value(each, kind, values) for each in node.expressions]

    def range(self, node: exp.Between, values: Mapping[str, str]) -> bool | None:
        kind = self._type(node.this)
        value, low, high = (
            _value(each, kind, values) for each in (node.this, node.args["low"], node.args["high"])
        )
        return None if value is None else bool(low <= value <= high)

    def likeness(self, node: exp.Like, values: Mapping[str, str]) -> bool | None:
        value, pattern = (_value(each, "string", values) for each in (node.this, node.expression))
        if value is None:
            return None
        # What is special to fnmatch stands for itself, % and _ for what * and ? mean there.
        quoted = re.sub(r"([*?[])", r"[\1]", pattern)
        return fnmatch.fnmatchcase(value, quoted.replace("%", "*").replace("_", "?"))

    def nothing(self, node: exp.Is, values: Mapping[str, str]) -> bool | None:
        return _value(node.this, "string", values) is None

    def _type(self, *sides: exp.Expr) -> str:
        columns = [side for side in sides if isinstance(side, exp.Column)]
        if not columns or columns[0].name.lower() not in self.types:
            named = columns[0].name if columns else " ".join(side.sql() for side in sides)
            raise UnsupportedExpressionError(f"Unknown column '{named}'")
        return self.types[columns[0].name.lower()].partition("(")[0]


def partition_filter(expression: str, keys: list[dict[str, Any]]) -> PartitionFilter:
    """Read the expression; `keys` are the table's partition columns. Raises UnsupportedExpressionError."""
    try:
        condition = sqlglot.parse_one(expression, dialect="trino")
    except SqlglotError:
        raise UnsupportedExpressionError(f"Unsupported expression '{expression}'") from None
    return PartitionFilter(condition, {key["Name"].lower(): str(key.get("Type", "string")) for key in keys})


def _value(node: exp.Expr, kind: str, values: Mapping[str, str]) -> Any:
    if isinstance(node, exp.Column):
        text = values.get(node.name.lower(), NULL)
        return None if text == NULL else _read(text, kind)
    if isinstance(node, exp.Neg) and isinstance(node.this, exp.Literal):
        return _read(f"-{node.this.name}", kind)
    if isinstance(node, exp.Cast) and isinstance(node.this, exp.Literal):
        # date '2024-01-01'
        return _read(node.this.name, kind)
    if not isinstance(node, exp.Literal):
        raise UnsupportedExpressionError(f"Unsupported expression '{node.sql()}'")
    return _read(node.name, kind)


def _read(text: str, kind: str) -> Any:
    try:
        return READERS.get(kind, str)(text)
    except (ValueError, ArithmeticError):
        raise UnsupportedExpressionError(f"'{text}' is no {kind}") from None


_FORMS: dict[type[exp.Expr], Callable[[PartitionFilter, Any, Mapping[str, str]], bool | None]] = {
    exp.Paren: PartitionFilter.paren,
    exp.Not: PartitionFilter.negation,
    exp.And: PartitionFilter.conjunction,
    exp.Or: PartitionFilter.disjunction,
    exp.In: PartitionFilter.membership,
    exp.Between: PartitionFilter.range,
    exp.Like: PartitionFilter.likeness,
    exp.Is: PartitionFilter.nothing,
    **dict.fromkeys(COMPARISONS, PartitionFilter.comparison),
}
