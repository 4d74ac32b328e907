"""What statements write: tables, their files' manifest, counts, and the catalog's entries."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = pytest.mark.integration

ICEBERG = "table_type='iceberg', is_external=false"


def test_hive_ctas_has_a_manifest_of_its_files(athena: "Athena") -> None:
    place = athena.place("ctas_hive")
    done = athena.do(
        f"create table ctas_hive with (external_location='{place}', partitioned_by=ARRAY['p']) as "
        "select 1 as a, 'x' as p union all select 2, 'y'"
    )
    assert (done.description["StatementType"], done.description["SubstatementType"]) == (
        "DDL",
        "CREATE_TABLE_AS_SELECT",
    )
    written = athena.read(done.statistics["DataManifestLocation"]).decode().splitlines()
    assert sorted(uri.rsplit("/", 2)[1] for uri in written) == ["p=x", "p=y"]
    assert all(uri.startswith(f"{place}/") for uri in written)
    found = athena.client.get_query_results(QueryExecutionId=done.id)
    assert (found["UpdateCount"], found["ResultSet"]["Rows"]) == (2, [])


def test_ctas_without_a_place_goes_beside_the_results(athena: "Athena") -> None:
    done = athena.do("create table placed as select 1 as a")
    location = athena.glue.get_table(DatabaseName=athena.database, Name="placed")["Table"]
    assert location["StorageDescriptor"]["Location"].rstrip("/").endswith(f"/tables/{done.id}")
    assert done.output.endswith(f"/tables/{done.id}")


def test_ctas_onto_files_is_refused(athena: "Athena") -> None:
    place = athena.place("twice")
    athena.do(f"create table twice with (external_location='{place}') as select 1 as a")
    again = athena.run(f"create table another with (external_location='{place}') as select 1 as a")
    assert again.reason.startswith("HIVE_PATH_ALREADY_EXISTS: ")
    same = athena.run("create table twice as select 1 as a")
    assert same.reason.startswith("TABLE_ALREADY_EXISTS: ")
    assert athena.do("create table if not exists twice as select 2 as a").state == "SUCCEEDED"
    assert athena.rows("select a from twice") == [["1"]]


def test_iceberg_life(athena: "Athena") -> None:
    athena.do(
        f"create table ice with ({ICEBERG}, location='{athena.place('ice')}', "
        "partitioning=ARRAY['day(ts)']) as "
        "select 1 as id, timestamp '2024-01-01 10:00:00.000001' as ts"
    )
    inserted = athena.do("insert into ice values (2, timestamp '2024-01-02 10:00:00.000000')")
    assert athena.client.get_query_results(QueryExecutionId=inserted.id)["UpdateCount"] == 1
    athena.do(
        "merge into ice t using (values 2, 3) s (id) on t.id = s.id when matched then delete "
        "when not matched then insert (id) values (s.id)"
    )
    athena.do("update ice set id = 10 where id = 1")
    assert athena.rows("select id, ts from ice order by id") == [
        ["3", None],
        ["10", "2024-01-01 10:00:00.000001"],
    ]
    athena.do("alter table ice add columns (note string)")
    athena.do("alter table ice change column id id bigint")
    athena.do("alter table ice change column note remark string")
    assert athena.rows("describe ice") == [
        ["id                  \tbigint              \t                    "],
        ["ts                  \ttimestamp           \t                    "],
        ["remark              \tstring              \t                    "],
    ]
    athena.do("alter table ice drop column remark")
    athena.do("optimize ice rewrite data using bin_pack")
    athena.do("vacuum ice")
    assert any("PARTITIONED BY (day(`ts`))" in str(line) for (line,) in athena.rows("show create table ice"))
    athena.do("alter table ice rename to iced")
    assert athena.rows("select count(*) from iced") == [["2"]]
    athena.do("drop table iced")
    left = athena.s3.list_objects_v2(
        Bucket=athena.bucket, Prefix=athena.place("ice").split("/", 3)[3] + "/data"
    )
    assert left["KeyCount"] == 0


def test_create_table_of_athenas_ddl(athena: "Athena") -> None:
    athena.do(
        "create table declared (id bigint, name string, ts timestamp) "
        "partitioned by (month(ts), bucket(4, id)) "
        f"location '{athena.place('declared')}/' tblproperties ('table_type'='ICEBERG', 'format'='parquet')"
    )
    athena.do("insert into declared values (1, 'a', timestamp '2024-02-01 00:00:00')")
    assert athena.rows("select * from declared") == [["1", "a", "2024-02-01 00:00:00.000000"]]


def test_external_table_and_its_partitions(athena: "Athena") -> None:
    place = athena.place("lines")
    prefix = place.split("/", 3)[3]
    for day, text in (("1", "1|one\n2|\n"), ("2", "3|three\n")):
        athena.s3.put_object(Bucket=athena.bucket, Key=f"{prefix}/dt={day}/part.txt", Body=text.encode())
    athena.do(
        "create external table lines (id int, name string) partitioned by (dt string) "
        f"row format delimited fields terminated by '|' location '{place}/'"
    )
    assert athena.rows("select * from lines") == []
    athena.do("alter table lines add partition (dt='1')")
    assert athena.rows("select id, name, dt from lines order by id") == [["1", "one", "1"], ["2", "", "1"]]
    athena.do("msck repair table lines")
    assert athena.rows("show partitions lines") == [["dt=1"], ["dt=2"]]
    athena.do("alter table lines drop partition (dt='1')")
    assert athena.rows("select id from lines") == [["3"]]
    athena.do("drop table lines")
    assert athena.s3.list_objects_v2(Bucket=athena.bucket, Prefix=prefix)["KeyCount"] == 2


def test_views(athena: "Athena") -> None:
    athena.do("create or replace view seen as select 1 as a, 'x' as b")
    athena.do("create or replace view seen as select 2 as a, 'y' as b")
    assert athena.rows("select * from seen") == [["2", "y"]]
    assert athena.rows("show views like 'se*'") == [["seen"]]
    refused = athena.run("drop table seen")
    assert "Cannot drop a view with DROP TABLE" in refused.reason
    athena.do(f'drop view "{athena.database}"."seen"')
    assert athena.rows("show views") == []


def test_databases(athena: "Athena") -> None:
    name = f"{athena.database}_more"
    athena.do(f"create schema if not exists `{name}` comment 'for a test' location '{athena.place('more')}/'")
    athena.do(f"create schema if not exists `{name}`")
    database = athena.glue.get_database(Name=name)["Database"]
    assert (database["Description"], database["LocationUri"]) == ("for a test", f"{athena.place('more')}/")
    athena.do(f"create external table {name}.t (a int) location '{athena.place('t')}/'")
    assert "is not empty" in athena.run(f"drop database {name}").reason
    athena.do(f"drop database `{name}` cascade")
    assert [name] not in athena.rows("show databases")
