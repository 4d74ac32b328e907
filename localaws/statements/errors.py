"""What a statement can be refused with, in Athena's own words."""


class StatementError(Exception):
    """A statement that Athena refuses. `name` is Athena's error name (SYNTAX_ERROR, NOT_SUPPORTED, …)."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}" if name else message)
        self.name = name
        self.message = message


class MalformedStatement(StatementError):
    """A text that is no statement: refused before a query is started."""

    def __init__(self, message: str) -> None:
        super().__init__("", message)


class UnsupportedStatement(MalformedStatement):
    """A statement that Trino knows and Athena does not."""

    def __init__(self) -> None:
        super().__init__("Queries of this type are not supported")
