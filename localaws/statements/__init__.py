"""Athena SQL: what a statement says, and what is done for it."""

from localaws.statements.errors import MalformedStatement, StatementError, UnsupportedStatement
from localaws.statements.parse import parse
from localaws.statements.planning import make_plan

__all__ = ["MalformedStatement", "StatementError", "UnsupportedStatement", "make_plan", "parse"]
