"""What is done for a statement, as data: the executor does it, the tests read it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Any, Protocol

from localaws.statements.model import Kind, TableName

DEFAULT_CATALOG = "awsdatacatalog"
HIVE_CATALOG = "hive"
# Athena writes at most a hundred partitions at once; Trino counts them for each writer, so there is one.
ONE_WRITER = {"task_max_writer_count": "1"}


@dataclass(frozen=True, slots=True)
class Sql:
    """A statement for Trino. `session` are its session properties."""

    text: str
    session: dict[str, str] = field(default_factory=dict)


ALREADY_EXISTS, NOT_FOUND = "AlreadyExistsException", "EntityNotFoundException"


@dataclass(frozen=True, slots=True)
class Glue:
    """A call of Glue's, by boto3's name of it.

    `forgives` is the error that says that somebody has done it just now: what `IF [NOT] EXISTS` is for. One
    that is `always` done takes away what the steps before it made, also when they fail or are stopped.
    """

    call: str
    parameters: dict[str, Any]
    forgives: str = ""
    always: bool = False


@dataclass(frozen=True, slots=True)
class CheckTypes:
    """Refuse the write when the query's types are none that Athena writes to this table format.

    `line` and `column` are where the query begins in the statement, so that errors point there.
    """

    query: str
    table_format: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Files:
    """The files under the location are the result's manifest; `own` are those of the last statement alone."""

    location: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class IcebergChange:
    """What Trino has no statement for: properties taken away, columns in another order."""

    database: str
    table: str
    removed: tuple[str, ...] = ()
    order: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lines:
    """A result of text lines, known without asking Trino."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SqlLines:
    """A result of text lines: Trino's one column, each row split at line ends."""

    text: str


@dataclass(frozen=True, slots=True)
class PreparedStatement:
    """Keep a prepared statement of the workgroup, or forget it (`text` None)."""

    name: str
    text: str | None


Step = Sql | Glue | CheckTypes | Files | IcebergChange | Lines | SqlLines | PreparedStatement


class Output(Enum):
    """What a query leaves behind."""

    ROWS = "csv"
    TEXT = "txt"
    TABLE = "table"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Plan:
    kind: Kind
    steps: tuple[Step, ...]
    output: Output
    columns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Session:
    """Where a statement is run: names without a database belong to `database`."""

    database: str
    output_location: str
    query_id: str
    catalog: str = DEFAULT_CATALOG

    def database_of(self, table: TableName) -> str:
        return table.database or self.database

    def trino_name(self, table: TableName, catalog: str | None = None) -> str:
        """The table's full name for Trino, quoted."""
        parts = (catalog or table.catalog or self.catalog, self.database_of(table), table.name)
        return ".".join(quote(part) for part in parts)


class Catalog(Protocol):
    """What planning has to know of the Glue catalog."""

    def table(self, database: str, name: str) -> dict[str, Any] | None: ...

    def tables(self, database: str) -> list[dict[str, Any]]: ...

    def databases(self) -> list[str]: ...

    def database_exists(self, name: str) -> bool: ...

    def partitions(self, database: str, table: str) -> list[dict[str, Any]]: ...

    def iceberg_metadata(self, table: dict[str, Any]) -> dict[str, Any]: ...


def quote(name: str) -> str:
    """A name between double quotes."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A string between single quotes."""
    return "'" + text.replace("'", "''") + "'"


def is_iceberg(table: dict[str, Any]) -> bool:
    return str(table.get("Parameters", {}).get("table_type", "")).upper() == "ICEBERG"


def is_view(table: dict[str, Any]) -> bool:
    return table.get("TableType") == "VIRTUAL_VIEW"
