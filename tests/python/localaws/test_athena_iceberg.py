"""What is done to Iceberg tables beside Trino: columns moved, properties taken away, snapshots kept."""

from typing import TYPE_CHECKING, Any

import pytest

from localaws.athena.iceberg_commit import changed, next_location
from localaws.statements.plan import IcebergChange

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
METADATA: dict[str, Any] = {
    "format-version": 2,
    "last-updated-ms": 1000,
    "current-schema-id": 3,
    "schemas": [
        {"schema-id": 0, "fields": [{"id": 1, "name": "a"}]},
        {"schema-id": 3, "fields": [{"id": 1, "name": "a"}, {"id": 2, "name": "b"}]},
    ],
    "properties": {"kept": "1", "gone": "2"},
}


def test_a_change_is_the_next_metadata_with_the_former_in_its_log() -> None:
    new = changed(METADATA, IcebergChange("db", "t", removed=("gone", "never")), "s3://lake/t/1.json", 900)
    assert new["properties"] == {"kept": "1"}
    assert new["metadata-log"] == [{"timestamp-ms": 1000, "metadata-file": "s3://lake/t/1.json"}]
    assert new["last-updated-ms"] == 1000
    assert new["current-schema-id"] == 3
    assert METADATA["properties"] == {"kept": "1", "gone": "2"}


def test_an_order_is_a_schema_of_its_own_with_the_same_fields() -> None:
    new = changed(METADATA, IcebergChange("db", "t", order=("b", "a")), "s3://lake/t/1.json", 2000)
    assert new["current-schema-id"] == 4
    assert new["schemas"][-1] == {
        "schema-id": 4,
        "fields": [{"id": 2, "name": "b"}, {"id": 1, "name": "a"}],
    }
    assert new["schemas"][:2] == METADATA["schemas"]
    assert new["last-updated-ms"] == 2000


@pytest.mark.parametrize(
    ("current", "number"),
    [("s3://lake/t/metadata/00041-x.metadata.json", "00042"), ("s3://lake/t/metadata/v7.json", "00001")],
)
def test_metadata_files_are_numbered(current: str, number: str) -> None:
    assert next_location("s3://lake/t/", current).startswith(f"s3://lake/t/metadata/{number}-")


def made(athena: "Athena", name: str) -> str:
    athena.do(
        f"create table {name} (id int, label string, amount double) location '{athena.place(name)}/' "
        "tblproperties ('table_type'='ICEBERG')"
    )
    athena.do(f"insert into {name} values (1, 'one', 1.5e0)")
    return name


@pytest.mark.integration
def test_columns_move_and_every_value_stays_in_its_own(athena: "Athena") -> None:
    table = made(athena, "moved")
    athena.do(f"alter table {table} change column amount amount double first")
    athena.do(f"alter table {table} change column label name string after id")
    athena.do(f"insert into {table} values (2.5e0, 2, 'two')")
    assert athena.rows(f"select * from {table} order by id") == [["1.5", "1", "one"], ["2.5", "2", "two"]]
    columns = athena.glue.get_table(DatabaseName=athena.database, Name=table)["Table"]["StorageDescriptor"]
    assert [column["Name"] for column in columns["Columns"]] == ["amount", "id", "name"]


@pytest.mark.integration
def test_a_property_is_taken_away(athena: "Athena") -> None:
    table = made(athena, "unset")
    athena.do(f"alter table {table} set tblproperties ('vacuum_max_snapshot_age_seconds'='5')")
    shown = athena.rows(f"show tblproperties {table}")
    assert any("vacuum_max_snapshot_age_seconds" in str(row[0]) for row in shown)
    athena.do(f"alter table {table} unset tblproperties ('vacuum_max_snapshot_age_seconds')")
    shown = athena.rows(f"show tblproperties {table}")
    assert not any("vacuum_max_snapshot_age_seconds" in str(row[0]) for row in shown)
    assert athena.rows(f"select id from {table}") == [["1"]]


@pytest.mark.integration
def test_vacuum_keeps_as_many_snapshots_as_the_table_says(athena: "Athena") -> None:
    table = made(athena, "vacuumed")
    for number in range(2, 6):
        athena.do(f"insert into {table} values ({number}, 'more', 0e0)")
    properties = "'vacuum_max_snapshot_age_seconds'='1', 'vacuum_min_snapshots_to_keep'='3'"
    athena.do(f"alter table {table} set tblproperties ({properties})")
    athena.do("select count(*) from unnest(sequence(1, 10000)) a (x), unnest(sequence(1, 5000)) b (y)")
    athena.do(f"vacuum {table}")
    kept = athena.rows(f'select count(*) from "{table}$snapshots"')
    assert int(str(kept[0][0])) >= 3
    assert int(str(kept[0][0])) < 6
    assert athena.rows(f"select count(*) from {table}") == [["5"]]


@pytest.mark.integration
@pytest.mark.parametrize("table_format", ["hive", "iceberg"])
def test_insert_tells_the_files_that_it_wrote(athena: "Athena", table_format: str) -> None:
    name = f"told_{table_format}"
    place = f"{athena.place(name)}/"
    if table_format == "hive":
        athena.do(f"create external table {name} (id int) partitioned by (p string) location '{place}'")
    else:
        athena.do(
            f"create table {name} (id int, p string) partitioned by (p) location '{place}' "
            "tblproperties ('table_type'='ICEBERG')"
        )
    for values in ("(1, 'a')", "(2, 'a'), (3, 'b')"):
        done = athena.do(f"insert into {name} values {values}")
    manifest = athena.read(done.statistics["DataManifestLocation"]).decode().splitlines()
    assert sorted(uri.removeprefix(place).split("p=")[1][0] for uri in manifest) == ["a", "b"]
    paths = athena.rows(f'select distinct "$path" from {name} where id > 1')
    assert sorted(manifest) == sorted(str(row[0]) for row in paths)
