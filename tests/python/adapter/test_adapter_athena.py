# mypy: allow-subclassing-any
"""What dbt-athena does on Athena alone: partitions in batches, high availability, tags, retries, files."""

import json
from typing import Any

import boto3
import pytest
from dbt.tests.util import check_relations_equal, run_dbt, run_dbt_and_capture

DAYS = "from unnest(sequence(date '2023-01-01', date '2023-04-20', interval '1' day)) as d (day)"
DAY, DAY_OF_YEAR = "cast(day as date) as day", "doy(day) as doy"
LETTER = "chr(cast(65 + doy(day) % 26 as bigint)) as letter"
TABLE, ICEBERG = "materialized='table'", "materialized='table', table_type='iceberg'"
GROWN = "materialized='incremental', table_type='iceberg'"
MERGED = f"{GROWN}, incremental_strategy='merge', unique_key='doy'"


def model(config: str, sql: str) -> str:
    """A model of this configuration."""
    return f"{{{{ config({config}) }}}}\n{sql}\n"


def days(config: str, *columns: str) -> str:
    """A model of 110 days."""
    return model(config, f"select {', '.join(columns)} {DAYS}")


@pytest.mark.shows(
    "dbt-athena",
    "CREATE TABLE AS (Hive)",
    "CREATE TABLE AS (Iceberg)",
    "INSERT INTO (Hive)",
    "INSERT INTO (Iceberg)",
    part="statement",
)
@pytest.mark.slow
@pytest.mark.shows(
    "dbt-athena", "partition transforms and buckets", "more than 100 partitions in batches", "force_batch"
)
class TestPartitions:
    """More partitions than one write takes, however they are made: all in one run, and merged in another."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        by_day, spread = "partitioned_by=['DAY(day)', 'doy']", "['MONTH(day)', 'bucket(letter, 5)']"
        by_month = "partitioned_by=['MONTH(day)'], force_batch=true"
        appended = "materialized='incremental', incremental_strategy='append', partitioned_by=['day']"
        id_or_null = "if(doy(day) > 5, doy(day)) as id"
        return {
            "hive_batch.sql": days(f"{appended}, force_batch=true", LETTER, DAY),
            "hive_nulls.sql": days(f"{TABLE}, partitioned_by=['id']", LETTER, id_or_null),
            "iceberg_buckets.sql": days(f"{ICEBERG}, partitioned_by={spread}", DAY, LETTER),
            "iceberg_merged.sql": days(f"{MERGED}, {by_day}", DAY, DAY_OF_YEAR),
            "iceberg_batch.sql": days(f"{MERGED}, {by_month}", DAY, DAY_OF_YEAR),
        }

    def test_every_row_is_there(self, project: Any) -> None:
        results = run_dbt(["run"])
        assert {result.status for result in results} == {"success"}
        for result in results:
            count = f"select count(*) from {project.test_schema}.{result.node.name}"
            assert project.run_sql(count, fetch="one")[0] == 110, result.node.name
        again = ["iceberg_merged", "iceberg_batch"]
        results = run_dbt(["run", "--select", *again])
        assert {result.status for result in results} == {"success"}
        for name in again:
            assert project.run_sql(f"select count(*) from {project.test_schema}.{name}", "one")[0] == 110


@pytest.mark.shows("dbt-athena", "insert_overwrite of many partitions")
@pytest.mark.slow
class TestManyPartitionsOverwritten:
    """Partitions named in expressions longer than Glue takes at once."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        config = "materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']"
        return {"overwritten.sql": days(config, LETTER, DAY)}

    def test_no_row_is_there_twice(self, project: Any) -> None:
        for _ in range(2):
            run_dbt(["run"])
            counted = "select count(*), min(day), max(day) from overwritten"
            found = project.run_sql(counted.replace("from ", f"from {project.test_schema}."), fetch="one")
            assert [str(value) for value in found] == ["110", "2023-01-01", "2023-04-20"]


TWO = "select 1 as id, 'one' as name union all select 2, 'two'"


@pytest.mark.shows("dbt-athena", "ALTER TABLE RENAME TO (Iceberg)", part="statement")
@pytest.mark.shows("dbt-athena", "ha tables", "a table from Hive to Iceberg and back")
class TestRelations:
    """Tables made anew while they are read, on either format and from one to the other."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        unique = "s3_data_naming='table_unique'"
        return {
            "ha_hive.sql": model(f"{TABLE}, {unique}, ha=true", TWO),
            "ha_iceberg.sql": model(f"{ICEBERG}, {unique}", TWO),
            "native.sql": model(f"{ICEBERG}, native_drop=true", TWO),
            "to_and_fro.sql": model(f"{TABLE}, {unique}, table_type=var('type', 'hive')", TWO),
            "grown.sql": model(f"{GROWN}, {unique}, incremental_strategy='append'", TWO),
        }

    def test_again_and_in_the_other_format(self, project: Any) -> None:
        run_dbt(["run"])
        for table_type in ("iceberg", "hive"):
            results, log = run_dbt_and_capture(
                ["--debug", "run", "--full-refresh", "--vars", f"type: {table_type}"]
            )
            assert {result.status for result in results} == {"success"}
            schema = project.test_schema
            for name in ("ha_iceberg", "grown"):
                assert f"alter table `{schema}`.`{name}` rename to `{schema}`.`{name}__bkp`" in log
            for result in results:
                rows = project.run_sql(f"select * from {schema}.{result.node.name} order by 1", fetch="all")
                assert [tuple(row) for row in rows] == [(1, "one"), (2, "two")], result.node.name
        glue = boto3.client("glue")
        tables = glue.get_tables(DatabaseName=project.test_schema)["TableList"]
        assert {table["Name"] for table in tables} == {result.node.name for result in results}
        versions = glue.get_table_versions(DatabaseName=project.test_schema, TableName="ha_hive")
        assert len(versions["TableVersions"]) > 1


TAGS = "lf_tags_config={'enabled': true, 'tags': {'domain': 'tests'}}"


@pytest.mark.shows("dbt-athena", "lf_tags")
class TestLakeFormationTags:
    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {"tagged.sql": model(f"{TABLE}, {TAGS}", "select 1 as id")}

    def test_a_table_gets_its_tags(self, project: Any) -> None:
        lake: Any = boto3.client("lakeformation")
        lake.create_lf_tag(TagKey="domain", TagValues=["tests"])
        try:
            results = run_dbt(["run"])
            assert [result.status for result in results] == ["success"]
            table = {"Table": {"DatabaseName": project.test_schema, "Name": "tagged"}}
            tags = lake.get_resource_lf_tags(Resource=table)["LFTagsOnTable"]
            assert [(tag["TagKey"], tag["TagValues"]) for tag in tags] == [("domain", ["tests"])]
        finally:
            lake.delete_lf_tag(TagKey="domain")


AT_ONCE = 8


@pytest.mark.shows("dbt-athena", "retries on commit conflicts")
class TestRetries:
    """Inserts side by side into one Iceberg table: who loses the race tries again, and no row is lost."""

    @pytest.fixture(scope="class")
    def dbt_profile_target(self, dbt_profile_target: dict[str, Any]) -> dict[str, Any]:
        return {**dbt_profile_target, "threads": AT_ONCE, "num_iceberg_retries": 5 * AT_ONCE}

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        target = model(ICEBERG, "select 1 as id limit 0")
        writer = model(f"{TABLE}, pre_hook='insert into target values (NUMBER)'", "select 1 as x")
        return {
            "target.sql": target,
            **{f"writer_{n}.sql": writer.replace("NUMBER", str(n)) for n in range(AT_ONCE)},
        }

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"expected.csv": "id\n" + "".join(f"{n}\n" for n in range(AT_ONCE))}

    def test_every_row_arrives(self, project: Any) -> None:
        run_dbt(["build", "--select", "expected", "target"])
        results = run_dbt(["run", "--exclude", "target"])
        assert {result.status for result in results} == {"success"}
        check_relations_equal(project.adapter, ["target", "expected"])


SEED = 'id,text,day,ratio,flag\n1,"a, ""b""",2024-01-01,1.5,true\n2,c,2024-01-02,2.5,false\n'
BY_INSERT = {"version": 2, "seeds": [{"name": "inserted", "config": {"seed_by_insert": True}}]}


@pytest.mark.shows("dbt-athena", "CREATE EXTERNAL TABLE", part="statement")
@pytest.mark.shows("dbt-athena", "seeds by file and by insert")
class TestSeeds:
    """By file and by insert, and again."""

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"uploaded.csv": SEED, "inserted.csv": SEED, "seeds.yml": json.dumps(BY_INSERT)}

    def test_both_ways_give_the_same(self, project: Any) -> None:
        for _ in range(2):
            run_dbt(["seed"])
        check_relations_equal(project.adapter, ["uploaded", "inserted"])
        row = project.run_sql(f"select * from {project.test_schema}.inserted order by id", fetch="one")
        assert [str(value) for value in row] == ["1", 'a, "b"', "2024-01-01", "1.5", "True"]
