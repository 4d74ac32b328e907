# mypy: allow-subclassing-any
"""What dbt-athena does on Athena alone: partitions in batches, high availability, tags, files."""

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


SEED = 'id,text,day,ratio,flag\n1,"a, ""b""",2024-01-01,1.5,true\n2,c,2024-01-02,2.5,false\n'
QUOTED = "id,order,with space\n1,x,2\n"
BY_INSERT = {"seed_by_insert": True}
SEEDS = {
    "version": 2,
    "seeds": [
        {"name": "inserted", "config": BY_INSERT},
        {"name": "quoted_uploaded", "config": {"quote_columns": True}},
        {"name": "quoted_inserted", "config": {"quote_columns": True, **BY_INSERT}},
    ],
}


@pytest.mark.shows("dbt-athena", "CREATE EXTERNAL TABLE", part="statement")
@pytest.mark.shows("dbt-athena", "seeds by file and by insert", "seeds with quoted columns")
class TestSeeds:
    """By file and by insert, and again; columns that have to be quoted, in Hive's way and in Trino's."""

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        names = ("uploaded", "inserted")
        files = {f"{name}.csv": SEED for name in names} | {f"quoted_{name}.csv": QUOTED for name in names}
        return {**files, "seeds.yml": json.dumps(SEEDS)}

    def test_both_ways_give_the_same(self, project: Any) -> None:
        for _ in range(2):
            run_dbt(["seed"])
        check_relations_equal(project.adapter, ["uploaded", "inserted"])
        row = project.run_sql(f"select * from {project.test_schema}.inserted order by id", fetch="one")
        assert [str(value) for value in row] == ["1", 'a, "b"', "2024-01-01", "1.5", "True"]
        for name in ("quoted_uploaded", "quoted_inserted"):
            sql = f'select id, "order", "with space" from {project.test_schema}.{name}'
            assert tuple(project.run_sql(sql, fetch="one")) == (1, "x", 2), name


AGAIN = "materialized='incremental', temp_schema=target.schema ~ '_temp'"
LISTED = """
{% macro listed(schema) %}
    {% set place = api.Relation.create(database="awsdatacatalog", schema=schema) %}
    {% set listed = adapter.list_relations_without_caching(schema_relation=place) %}
    {% for one in listed | sort(attribute="identifier") %}
        {% do log(["LISTED", one.identifier, one.type, one.detailed_table_type] | join(" "), info=true) %}
    {% endfor %}
{% endmacro %}
"""


@pytest.mark.shows("dbt-athena", "temp_schema", "detailed_table_type")
class TestTemporaryTablesElsewhere:
    """What an incremental run puts down in between is in a schema of its own; and what the adapter lists."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        one = "select {{ var('id') }} as id, cast('{{ var('day') }}' as varchar) as day"
        merged = f"{AGAIN}, table_type='iceberg', incremental_strategy='merge', unique_key='id'"
        return {
            "grown_hive.sql": model(f"{AGAIN}, partitioned_by=['day']", one),
            "grown_iceberg.sql": model(merged, one),
            "seen.sql": model("materialized='view'", "select * from {{ ref('grown_hive') }}"),
        }

    @pytest.fixture(scope="class")
    def macros(self) -> dict[str, str]:
        return {"listed.sql": LISTED}

    def test_the_second_run_puts_them_there(self, project: Any) -> None:
        elsewhere = f"{project.test_schema}_temp"
        project.created_schemas.append(elsewhere)
        made = [
            f'create table "awsdatacatalog"."{elsewhere}"."grown_{kind}__dbt_tmp"'
            for kind in ("hive", "iceberg")
        ]
        for number, ran in ((1, False), (2, True)):
            variables = json.dumps({"id": number, "day": f"2024-01-0{number}"})
            results, log = run_dbt_and_capture(["--debug", "run", "--vars", variables])
            assert {result.status for result in results} == {"success"}
            assert [statement in log for statement in made] == [ran] * len(made)
        for kind in ("hive", "iceberg"):
            found = project.run_sql(
                f"select id, day from {project.test_schema}.grown_{kind} order by id", "all"
            )
            assert [tuple(row) for row in found] == [(1, "2024-01-01"), (2, "2024-01-02")], kind
        assert not boto3.client("glue").get_tables(DatabaseName=elsewhere)["TableList"]

    def test_the_adapter_tells_iceberg_from_hive(self, project: Any) -> None:
        arguments = json.dumps({"schema": project.test_schema})
        _, log = run_dbt_and_capture(["run-operation", "listed", "--args", arguments])
        listed = [line.partition("LISTED ")[2].split() for line in log.splitlines() if "LISTED " in line]
        assert listed == [["grown_hive", "table"], ["grown_iceberg", "table", "ICEBERG"], ["seen", "view"]]
