"""Athena's two kinds of errors: of an API call, and of a query."""

from dataclasses import dataclass
from typing import Any

SYSTEM, USER, OTHER = 1, 2, 3
_ICEBERG = 233
# Numbers that were seen on Athena; where none was, the category's.
_TYPES = {
    "DIVISION_BY_ZERO": 1001,
    "TYPE_MISMATCH": 1002,
    "INVALID_CAST_ARGUMENT": 1100,
    "NOT_SUPPORTED": 1200,
    "SCHEMA_NOT_FOUND": 1301,
    "TABLE_NOT_FOUND": 1301,
    "FUNCTION_NOT_FOUND": 1303,
}
_GENERIC = {SYSTEM: 0, USER: 1006, OTHER: 1000}
# Trino's error types; INSUFFICIENT_RESOURCES and EXTERNAL count as the service's own.
_CATEGORY = {
    "USER_ERROR": USER,
    "INTERNAL_ERROR": SYSTEM,
    "INSUFFICIENT_RESOURCES": SYSTEM,
    "EXTERNAL": OTHER,
}


class ApiError(Exception):
    """An AWS JSON error: `code` is the exception's name, `status` the HTTP status."""

    def __init__(self, code: str, message: str, status: int = 400, **members: Any) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status
        self.members = members


def invalid_request(message: str, code: str = "INVALID_INPUT") -> ApiError:
    """InvalidRequestException, with Athena's finer code."""
    return ApiError("InvalidRequestException", message, AthenaErrorCode=code, ErrorCode=code)


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a query failed, as GetQueryExecution tells it."""

    reason: str
    category: int
    type: int
    retryable: bool = False

    def as_athena_error(self) -> dict[str, Any]:
        return {
            "ErrorCategory": self.category,
            "ErrorType": self.type,
            "Retryable": self.retryable,
            "ErrorMessage": self.reason,
        }


class QueryFailed(Exception):  # noqa: N818 (a state of a query, not a fault of ours)
    """A query ends as FAILED."""

    def __init__(self, name: str, message: str, error_type: str = "USER_ERROR") -> None:
        reason = f"{name}: {message}" if name else message
        super().__init__(reason)
        self.name = name
        category = _CATEGORY.get(error_type, OTHER)
        kind = _ICEBERG if name.startswith("ICEBERG") else _TYPES.get(name, _GENERIC[category])
        self.failure = Failure(reason, category, kind, retryable=name == "ICEBERG_COMMIT_ERROR")


class QueryCancelled(Exception):  # noqa: N818
    """A query ends as CANCELLED, for this reason."""

    def __init__(self, reason: str = "Query cancelled by user") -> None:
        super().__init__(reason)
        self.reason = reason
