"""What a statement can be refused with, in Athena's own words."""


class StatementError(Exception):
    """A statement that Athena refuses. `name` is SYNTAX_ERROR and the like, empty for Hive's errors."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}" if name else message)
        self.name = name
        self.message = message


class MalformedStatementError(StatementError):
    """A text that is no statement: refused before a query is started."""

    def __init__(self, message: str) -> None:
        super().__init__("", message)


class UnsupportedStatementError(MalformedStatementError):
    """A statement that Trino knows and Athena does not."""

    def __init__(self) -> None:
        super().__init__("Queries of this type are not supported")


def semantic_error(message: str, code: int | None = None) -> StatementError:
    """What the half of Athena that is Hive says about a statement it cannot make sense of."""
    number = f"[Error {code}]: " if code is not None else ""
    return StatementError("", f"FAILED: SemanticException {number}{message}")


def execution_error(message: str) -> StatementError:
    """What it says when the catalog refuses."""
    task = "FAILED: Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask."
    return StatementError("", f"{task} {message}")
