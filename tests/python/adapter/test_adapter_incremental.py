# mypy: allow-subclassing-any, allow-untyped-calls, disable-error-code="override"
"""Incremental models: merge on Iceberg, insert_overwrite and append on Hive, changing schemas."""

import re
from typing import Any

import pytest
from dbt.tests.adapter.incremental import test_incremental_microbatch
from dbt.tests.adapter.incremental import test_incremental_unique_id as unique_id
from dbt.tests.adapter.incremental.test_incremental_merge_exclude_columns import BaseMergeExcludeColumns
from dbt.tests.adapter.incremental.test_incremental_on_schema_change import (
    BaseIncrementalOnSchemaChange,
)
from dbt.tests.adapter.incremental.test_incremental_predicates import BaseIncrementalPredicates
from dbt.tests.util import run_dbt, run_dbt_and_capture

from tests.python.adapter.rewriting import typed_dates

MERGED = {"+table_type": "iceberg", "+incremental_strategy": "merge"}


@pytest.mark.slow
class TestUniqueKeyIceberg(unique_id.BaseIncrementalUniqueKey):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": MERGED}

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, Any]:
        by_name = {
            name.removeprefix("models__").removesuffix("_sql"): typed_dates(sql)
            for name, sql in vars(unique_id).items()
            if name.startswith("models__")
        }
        expected = {
            f"{name.removeprefix('expected__')}.sql": by_name.pop(name)
            for name in list(by_name)
            if name.startswith("expected__")
        }
        return {**{f"{name}.sql": sql for name, sql in by_name.items()}, "expected": expected}

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {
            "duplicate_insert.sql": typed_dates(unique_id.seeds__duplicate_insert_sql),
            "add_new_rows.sql": typed_dates(unique_id.seeds__add_new_rows_sql),
            "seed.csv": unique_id.seeds__seed_csv,
        }

    @pytest.mark.skip(reason="dbt-athena's merge wants a unique_key")
    def test__no_unique_keys(self) -> None: ...

    @pytest.mark.skip(reason="dbt-athena's merge wants a unique_key")
    def test__empty_str_unique_key(self) -> None: ...

    @pytest.mark.skip(reason="dbt-athena's merge wants a unique_key")
    def test__empty_unique_key_list(self) -> None: ...


@pytest.mark.shows("dbt-athena", "incremental: predicates")
class TestPredicatesIceberg(BaseIncrementalPredicates):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {**MERGED, "+incremental_predicates": ["src.id <> 3", "target.id <> 2"]}}


@pytest.mark.slow
class TestDeleteConditionIceberg(BaseIncrementalPredicates):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {**MERGED, "+delete_condition": "src.id = 2 and target.color = 'red'"}}

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        expected = "id,msg,color\n1,hey,blue\n3,anyway,purple\n"
        return {"expected_delete_insert_incremental_predicates.csv": expected}

    def get_expected_fields(self, relation: str, seed_rows: int, opt_model_count: Any = None) -> Any:
        del seed_rows
        return super().get_expected_fields(relation, 2, opt_model_count)


@pytest.mark.slow
class TestMergeExcludeColumns(BaseMergeExcludeColumns):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": MERGED}


@pytest.mark.slow
class TestSchemaChangesHive(BaseIncrementalOnSchemaChange):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+table_type": "hive", "+incremental_strategy": "append"}}


@pytest.mark.slow
class TestSchemaChangesIceberg(BaseIncrementalOnSchemaChange):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": MERGED}


@pytest.mark.slow
class TestMicrobatchIceberg(test_incremental_microbatch.BaseMicrobatch):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+table_type": "iceberg"}}

    @pytest.fixture(scope="class")
    def input_model_sql(self) -> str:
        return without_zone(test_incremental_microbatch._input_model_sql)

    @pytest.fixture(scope="class")
    def insert_two_rows_sql(self, project: Any) -> str:
        rows = (f"({day}, TIMESTAMP '2020-01-0{day} 00:00:00-0')" for day in (4, 5))
        return without_zone(
            f"insert into {project.test_schema}.input_model (id, event_time) values {', '.join(rows)}"
        )


def without_zone(sql: str) -> str:
    """Moments as Athena writes them to Iceberg: it takes none with a zone."""
    return re.sub(r"TIMESTAMP '([^']+)-0'", r"cast(timestamp '\1' as timestamp(6))", sql)


GROWING = """
{{ config(materialized='incremental', incremental_strategy=var('strategy', 'append')) }}
select 1 as id, 'one' as name
{%- if is_incremental() %}, current_date as updated_at {%- endif %}
"""
CHANGES = ("sync_all_columns", "append_new_columns", "ignore", "fail")


@pytest.mark.slow
@pytest.mark.shows("dbt-athena", "ALTER TABLE ADD COLUMNS", "SHOW COLUMNS", part="statement")
@pytest.mark.shows("dbt-athena", "incremental: on_schema_change, all four, Hive and Iceberg")
class TestNewColumns:
    """One model for each way to take a new column and each table format, all in one run."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, Any]:
        return {
            table_type: {
                f"{table_type}_{change}.sql": GROWING.replace(
                    "materialized", f"table_type='{table_type}', on_schema_change='{change}', materialized"
                )
                for change in CHANGES
            }
            for table_type in ("hive", "iceberg")
        }

    def test_a_new_column_is_taken_or_not(self, project: Any) -> None:
        run_dbt(["run"])
        results, log = run_dbt_and_capture(["run"], expect_pass=False)
        states = {result.node.name: result.status for result in results}
        assert {name for name, state in states.items() if state != "success"} == {
            "hive_fail",
            "iceberg_fail",
        }
        assert "The source and target schemas on this incremental model are out of sync!" in log
        for name in states:
            rows = project.run_sql(f"show columns from {name}", fetch="all")
            grown = name.endswith(("sync_all_columns", "append_new_columns"))
            expected = ["id", "name", "updated_at"] if grown else ["id", "name"]
            assert [row[0].strip() for row in rows] == expected, name


CONDITIONS = """
{{{{ config(table_type='iceberg', materialized='incremental', incremental_strategy='merge', unique_key=['id'],
    {condition}) }}}}
{{% if is_incremental() %}}
select * from (values (1, 'one again'), (2, 'two again'), (3, 'three')) as v (id, value)
{{% else %}}
select * from (values (0, 'none'), (1, 'one'), (2, 'two')) as v (id, value)
{{% endif %}}
"""
OVERWRITTEN = """
{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']) }}
select value, day from (
{%- if is_incremental() %} values ('again', date '2024-01-02'), ('new', date '2024-01-03')
{%- else %} values ('one', date '2024-01-01'), ('two', date '2024-01-02'), ('three', date '2024-01-02')
{%- endif -%}
) as v (value, day)
"""


@pytest.mark.shows("dbt-athena", "MERGE", part="statement")
@pytest.mark.shows(
    "dbt-athena",
    "incremental: insert_overwrite",
    "incremental: update_condition and insert_condition",
    "unique_tmp_table_suffix",
)
class TestConditions:
    """Merge with conditions; a partition written over; tables for the time being under names of their own."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        unique = OVERWRITTEN.replace("materialized", "unique_tmp_table_suffix=true, materialized")
        return {
            "updated.sql": CONDITIONS.format(condition="update_condition='target.id > 1'"),
            "inserted.sql": CONDITIONS.format(condition="insert_condition='src.id > 3'"),
            "deleted.sql": CONDITIONS.format(condition="delete_condition='src.id = 2'"),
            "overwritten.sql": OVERWRITTEN,
            "unique_suffix.sql": unique,
        }

    def rows(self, project: Any, name: str, columns: str = "id, value") -> list[tuple[Any, ...]]:
        found = project.run_sql(f"select {columns} from {project.test_schema}.{name} order by 1, 2", "all")
        return [tuple(row) for row in found]

    def test_each_does_what_it_says(self, project: Any) -> None:
        run_dbt(["run"])
        results, log = run_dbt_and_capture(["--debug", "run"])
        told = {result.node.name: result.adapter_response for result in results}
        assert told["updated"]["rows_affected"] == 2
        assert told["updated"]["data_scanned_in_bytes"] > 0
        assert self.rows(project, "updated") == [(0, "none"), (1, "one"), (2, "two again"), (3, "three")]
        assert self.rows(project, "inserted") == [(0, "none"), (1, "one again"), (2, "two again")]
        assert self.rows(project, "deleted") == [(0, "none"), (1, "one again"), (3, "three")]
        expected = [("2024-01-01", "one"), ("2024-01-02", "again"), ("2024-01-03", "new")]
        for name in ("overwritten", "unique_suffix"):
            assert self.rows(project, name, "cast(day as varchar), value") == expected
        assert "unique_suffix__dbt_tmp_" in log
