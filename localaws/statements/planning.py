"""Statement → plan, one function per kind of statement."""

from collections.abc import Callable
from typing import Any

from localaws.statements import model, plan_alter, plan_create, plan_partitions, plan_show
from localaws.statements.errors import StatementError, semantic_error
from localaws.statements.plan import (
    NOT_FOUND,
    ONE_WRITER,
    Catalog,
    Files,
    Glue,
    Output,
    Plan,
    PreparedStatement,
    Session,
    Sql,
    SqlLines,
    Step,
    is_iceberg,
    is_view,
    literal,
)

# Athena's default, in seconds: five days.
_SNAPSHOT_AGE = 432_000
_SNAPSHOTS_KEPT = "history.expire.min-snapshots-to-keep"

Planner = Callable[[Any, Session, Catalog], Plan]


def make_plan(statement: model.Statement, session: Session, catalog: Catalog) -> Plan:
    """What is to be done. Raises StatementError for what Athena refuses when it looks at the catalog."""
    return _PLANNERS[type(statement)](statement, session, catalog)


def _engine(statement: model.Engine, session: Session, catalog: Catalog) -> Plan:
    del session, catalog
    if statement.kind.substatement_type == "EXPLAIN":
        return Plan(statement.kind, (SqlLines(statement.text),), Output.TEXT, ("Query Plan",))
    if statement.returns_rows:
        return Plan(statement.kind, (Sql(statement.text),), Output.ROWS)
    if statement.kind.statement_type == "DDL":
        return Plan(statement.kind, (Sql(statement.text),), Output.TEXT)
    return Plan(statement.kind, (Sql(statement.text, ONE_WRITER),), Output.COUNT)


def _insert(statement: model.Insert, session: Session, catalog: Catalog) -> Plan:
    sql = Sql(statement.text, ONE_WRITER)
    table = catalog.table(session.database_of(statement.table), statement.table.name)
    location = table.get("StorageDescriptor", {}).get("Location") if table is not None else None
    steps: tuple[Step, ...] = (sql, Files(location, own=True)) if location else (sql,)
    return Plan(statement.kind, steps, Output.COUNT)


def _refused(statement: model.Refused, session: Session, catalog: Catalog) -> Plan:
    del session, catalog
    raise StatementError(statement.error, statement.message)


def _optimize(statement: model.Optimize, session: Session, catalog: Catalog) -> Plan:
    plan_alter.require_iceberg(statement.table, session, catalog, "OPTIMIZE")
    where = f" WHERE {statement.where}" if statement.where else ""
    text = f"ALTER TABLE {session.trino_name(statement.table)} EXECUTE optimize{where}"
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def _vacuum(statement: model.Vacuum, session: Session, catalog: Catalog) -> Plan:
    table = plan_alter.require_iceberg(statement.table, session, catalog, "VACUUM")
    name = session.trino_name(statement.table)
    properties = catalog.iceberg_metadata(table).get("properties", {})
    seconds = int(properties.get("vacuum_max_snapshot_age_seconds", _SNAPSHOT_AGE))
    # Iceberg itself keeps as many as its own property says, whatever their age.
    least = properties.get("vacuum_min_snapshots_to_keep")
    first = () if least is None else (Sql(_extra_property(name, _SNAPSHOTS_KEPT, least)),)
    keep = {
        "awsdatacatalog.expire_snapshots_min_retention": "0s",
        "awsdatacatalog.remove_orphan_files_min_retention": "0s",
    }
    steps = (
        *first,
        Sql(f"ALTER TABLE {name} EXECUTE expire_snapshots(retention_threshold => '{seconds}s')", keep),
        Sql(f"ALTER TABLE {name} EXECUTE remove_orphan_files(retention_threshold => '{seconds}s')", keep),
    )
    return Plan(statement.kind, steps, Output.TEXT)


def _extra_property(table: str, key: str, value: str) -> str:
    extra = f"MAP(ARRAY[{literal(key)}], ARRAY[{literal(value)}])"
    return f"ALTER TABLE {table} SET PROPERTIES extra_properties = {extra}"


def _repair(statement: model.RepairTable, session: Session, catalog: Catalog) -> Plan:
    plan_alter.require_hive(statement.table, session, catalog, "MSCK REPAIR TABLE")
    database = session.database_of(statement.table)
    text = (
        f"CALL hive.system.sync_partition_metadata(schema_name => {literal(database)}, "
        f"table_name => {literal(statement.table.name)}, mode => 'ADD', case_sensitive => false)"
    )
    return Plan(statement.kind, (Sql(text),), Output.TEXT)


def _prepare(statement: model.Prepare, session: Session, catalog: Catalog) -> Plan:
    del session, catalog
    return Plan(statement.kind, (PreparedStatement(statement.name, statement.body),), Output.TEXT)


def _deallocate(statement: model.Deallocate, session: Session, catalog: Catalog) -> Plan:
    del session, catalog
    return Plan(statement.kind, (PreparedStatement(statement.name, None),), Output.TEXT)


def _create_database(statement: model.CreateDatabase, session: Session, catalog: Catalog) -> Plan:
    del session
    return plan_create.create_database(statement, catalog)


def _drop_view(statement: model.DropView, session: Session, catalog: Catalog) -> Plan:
    del catalog
    exists = "IF EXISTS " if statement.if_exists else ""
    return Plan(
        statement.kind, (Sql(f"DROP VIEW {exists}{session.trino_name(statement.table)}"),), Output.TEXT
    )


def _drop_table(statement: model.DropTable, session: Session, catalog: Catalog) -> Plan:
    table = catalog.table(session.database_of(statement.table), statement.table.name)
    if table is None and statement.if_exists:
        return Plan(statement.kind, (), Output.TEXT)
    if table is None:
        raise plan_alter.not_found(statement.table, session)
    if is_view(table):
        raise semantic_error("Cannot drop a view with DROP TABLE", 10130)
    if is_iceberg(table):
        return Plan(statement.kind, (Sql(f"DROP TABLE {session.trino_name(statement.table)}"),), Output.TEXT)
    # Athena drops the entry alone; the files of an external table stay.
    name = {"DatabaseName": session.database_of(statement.table), "Name": statement.table.name}
    forgives = NOT_FOUND if statement.if_exists else ""
    return Plan(statement.kind, (Glue("delete_table", name, forgives),), Output.TEXT)


_PLANNERS: dict[type[model.Statement], Planner] = {
    model.Engine: _engine,
    model.Insert: _insert,
    model.Refused: _refused,
    model.CreateTableAs: plan_create.create_table_as,
    model.CreateTable: plan_create.create_table,
    model.CreateDatabase: _create_database,
    model.Unload: plan_create.unload,
    model.DropDatabase: plan_alter.drop_database,
    model.AlterDatabase: plan_alter.alter_database,
    model.DropTable: _drop_table,
    model.DropView: _drop_view,
    model.AddPartitions: plan_partitions.add_partitions,
    model.DropPartitions: plan_partitions.drop_partitions,
    model.RenamePartition: plan_partitions.rename_partition,
    model.AddColumns: plan_alter.add_columns,
    model.ReplaceColumns: plan_alter.replace_columns,
    model.ChangeColumn: plan_alter.change_column,
    model.DropColumn: plan_alter.drop_column,
    model.SetProperties: plan_alter.set_properties,
    model.UnsetProperties: plan_alter.unset_properties,
    model.SetLocation: plan_partitions.set_location,
    model.RenameTable: plan_alter.rename_table,
    model.RepairTable: _repair,
    model.Optimize: _optimize,
    model.Vacuum: _vacuum,
    model.ShowDatabases: plan_show.show_databases,
    model.ShowTables: plan_show.show_tables,
    model.ShowColumns: plan_show.show_columns,
    model.ShowPartitions: plan_show.show_partitions,
    model.ShowProperties: plan_show.show_properties,
    model.ShowCreate: plan_show.show_create,
    model.Describe: plan_show.describe,
    model.Prepare: _prepare,
    model.Deallocate: _deallocate,
}
