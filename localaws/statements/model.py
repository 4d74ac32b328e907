"""What an Athena statement says, as data. Names are in lower case as in Glue; types are Hive's."""

from dataclasses import dataclass, field

Value = str | int | float | bool | None | tuple["Value", ...]
Properties = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Kind:
    """The two words by which GetQueryExecution tells what a query was."""

    statement_type: str
    substatement_type: str


@dataclass(frozen=True, slots=True)
class TableName:
    """A table, as far as the statement says where it is."""

    name: str
    database: str | None = None
    catalog: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: str
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Transform:
    """A hidden partition of an Iceberg table: `identity`, `month`, `bucket`, …"""

    function: str
    column: str
    argument: int | None = None


@dataclass(frozen=True, slots=True)
class RowFormat:
    """`ROW FORMAT SERDE …` or `ROW FORMAT DELIMITED …`; the latter's clauses are serde parameters as well."""

    serde: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StoredAs:
    """`STORED AS <format>`, or the two classes of `STORED AS INPUTFORMAT … OUTPUTFORMAT …`."""

    format: str | None = None
    input_format: str | None = None
    output_format: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    kind: Kind


@dataclass(frozen=True, slots=True)
class Engine(Statement):
    """A statement that Trino speaks as Athena does; `returns_rows` tells a query from a write."""

    text: str
    returns_rows: bool


@dataclass(frozen=True, slots=True)
class Insert(Statement):
    """`INSERT INTO`, which Trino speaks as well: the files that it writes are told of."""

    table: TableName
    text: str


@dataclass(frozen=True, slots=True)
class Refused(Statement):
    """A statement that is read well, and fails when it is run: with Athena's name of the error."""

    error: str
    message: str


@dataclass(frozen=True, slots=True)
class CreateTableAs(Statement):
    """`body` is the query, which begins at `line` and `column` of the statement."""

    table: TableName
    if_not_exists: bool
    properties: Properties
    body: str
    line: int
    column: int
    with_data: bool = True


@dataclass(frozen=True, slots=True)
class CreateTable(Statement):
    table: TableName
    external: bool
    if_not_exists: bool
    columns: tuple[Column, ...]
    comment: str | None = None
    partitions: tuple[Column | Transform, ...] = ()
    bucketed_by: tuple[str, ...] = ()
    bucket_count: int | None = None
    row_format: RowFormat | None = None
    stored_as: StoredAs | None = None
    location: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreateDatabase(Statement):
    name: str
    if_not_exists: bool
    comment: str | None = None
    location: str | None = None
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DropDatabase(Statement):
    name: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True, slots=True)
class AlterDatabase(Statement):
    name: str
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class DropTable(Statement):
    table: TableName
    if_exists: bool


@dataclass(frozen=True, slots=True)
class DropView(Statement):
    table: TableName
    if_exists: bool


@dataclass(frozen=True, slots=True)
class PartitionSpec:
    values: tuple[tuple[str, str], ...]
    location: str | None = None


@dataclass(frozen=True, slots=True)
class AddPartitions(Statement):
    table: TableName
    if_not_exists: bool
    partitions: tuple[PartitionSpec, ...]


@dataclass(frozen=True, slots=True)
class DropPartitions(Statement):
    table: TableName
    if_exists: bool
    partitions: tuple[PartitionSpec, ...]


@dataclass(frozen=True, slots=True)
class RenamePartition(Statement):
    table: TableName
    old: PartitionSpec
    new: PartitionSpec


@dataclass(frozen=True, slots=True)
class AddColumns(Statement):
    table: TableName
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ReplaceColumns(Statement):
    table: TableName
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class ChangeColumn(Statement):
    """`position` is `first`, `after <column>`, or nothing."""

    table: TableName
    old: str
    column: Column
    position: str | None = None


@dataclass(frozen=True, slots=True)
class DropColumn(Statement):
    table: TableName
    column: str


@dataclass(frozen=True, slots=True)
class SetProperties(Statement):
    table: TableName
    properties: dict[str, str]


@dataclass(frozen=True, slots=True)
class UnsetProperties(Statement):
    table: TableName
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SetLocation(Statement):
    table: TableName
    location: str
    partition: PartitionSpec | None = None


@dataclass(frozen=True, slots=True)
class RenameTable(Statement):
    table: TableName
    new: TableName


@dataclass(frozen=True, slots=True)
class RepairTable(Statement):
    table: TableName


@dataclass(frozen=True, slots=True)
class Optimize(Statement):
    table: TableName
    where: str | None


@dataclass(frozen=True, slots=True)
class Vacuum(Statement):
    table: TableName


@dataclass(frozen=True, slots=True)
class ShowDatabases(Statement):
    pattern: str | None


@dataclass(frozen=True, slots=True)
class ShowTables(Statement):
    database: str | None
    pattern: str | None
    views_only: bool = False


@dataclass(frozen=True, slots=True)
class ShowColumns(Statement):
    table: TableName


@dataclass(frozen=True, slots=True)
class ShowPartitions(Statement):
    table: TableName


@dataclass(frozen=True, slots=True)
class ShowProperties(Statement):
    table: TableName
    name: str | None


@dataclass(frozen=True, slots=True)
class ShowCreate(Statement):
    table: TableName
    view: bool


@dataclass(frozen=True, slots=True)
class Describe(Statement):
    table: TableName
    formatted: bool
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Unload(Statement):
    body: str
    location: str
    properties: Properties
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Prepare(Statement):
    name: str
    body: str


@dataclass(frozen=True, slots=True)
class Execute(Statement):
    name: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Deallocate(Statement):
    name: str
