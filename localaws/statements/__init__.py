"""Athena SQL: what a statement says, and what is done for it."""

from localaws.statements.errors import MalformedStatementError, StatementError, UnsupportedStatementError
from localaws.statements.parse import parse
from localaws.statements.planning import make_plan

__all__ = ["MalformedStatementError", "StatementError", "UnsupportedStatementError", "make_plan", "parse"]
