# mypy: allow-subclassing-any
"""Contracts, unit tests, stored failures, --empty, hooks, many models at once."""

from typing import Any

import pytest
from dbt.tests.adapter.concurrency.test_concurrency import BaseConcurrency
from dbt.tests.adapter.constraints import fixtures
from dbt.tests.adapter.constraints.test_constraints import (
    BaseConstraintQuotedColumn,
    BaseConstraintsColumnsEqual,
)
from dbt.tests.adapter.empty.test_empty import BaseTestEmpty, BaseTestEmptyInlineSourceRef
from dbt.tests.adapter.hooks import fixtures as hook_fixtures
from dbt.tests.adapter.hooks.test_model_hooks import BasePrePostModelHooks
from dbt.tests.adapter.hooks.test_run_hooks import BasePrePostRunHooks
from dbt.tests.adapter.store_test_failures_tests.basic import StoreTestFailuresAsInteractions
from dbt.tests.adapter.store_test_failures_tests.test_store_test_failures import BaseStoreTestFailures
from dbt.tests.adapter.unit_testing.test_case_insensitivity import BaseUnitTestCaseInsensivity
from dbt.tests.adapter.unit_testing.test_invalid_input import BaseUnitTestInvalidInput
from dbt.tests.adapter.unit_testing.test_quoted_reserved_word_column_names import (
    BaseUnitTestQuotedReservedWordColumnNames,
)
from dbt.tests.adapter.unit_testing.test_types import BaseUnitTestingTypes
from dbt.tests.util import run_dbt


def athena_types(text: str) -> str:
    """A schema in Postgres's words, in Athena's."""
    return text.replace("data_type: text", "data_type: string").replace("type: TEXT", "type: string")


class OfContracts(BaseConstraintsColumnsEqual):
    """What a contract says is compared with what the query gives."""

    materialized = "table"

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        found = {
            "my_model_wrong_order.sql": fixtures.my_model_wrong_order_sql,
            "my_model_wrong_name.sql": fixtures.my_model_wrong_name_sql,
        }
        kind = f'materialized = "{self.materialized}"'
        models = {name: sql.replace('materialized = "table"', kind) for name, sql in found.items()}
        return {**models, "constraints_schema.yml": athena_types(fixtures.model_schema_yml)}

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+on_schema_change": "append_new_columns"}}

    @pytest.fixture
    def string_type(self) -> str:
        return "varchar"

    @pytest.fixture
    def schema_string_type(self) -> str:
        return "string"

    @pytest.fixture
    def int_type(self) -> str:
        return "integer"

    @pytest.fixture
    def data_types(self) -> list[list[str]]:
        """SQL, the type in the contract, the type in the error."""
        return [
            ["'1'", "string", "varchar"],
            ["cast('2013-11-03 00:00:00' as timestamp(3))", "timestamp", "timestamp"],
            ["cast(1 as decimal(10, 2))", "decimal(10,2)", "decimal"],
        ]


@pytest.mark.slow
@pytest.mark.shows("dbt-athena", "contracts of tables")
class TestContractsOfTables(OfContracts):
    pass


@pytest.mark.slow
class TestContractsOfViews(OfContracts):
    materialized = "view"


@pytest.mark.slow
class TestContractsOfIncrementalModels(OfContracts):
    materialized = "incremental"


@pytest.mark.shows("dbt-athena", "contracts with quoted columns")
class TestQuotedColumnInAContract(BaseConstraintQuotedColumn):
    """That it is built; the statement that dbt-athena leaves in target/run is not the CREATE."""

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {
            "my_model.sql": fixtures.my_model_with_quoted_column_name_sql,
            "constraints_schema.yml": athena_types(fixtures.model_quoted_column_schema_yml),
        }

    def test__constraints_ddl(self, project: Any, expected_sql: str) -> None:
        del expected_sql
        results = run_dbt(["run", "-s", "my_model"])
        assert [result.status for result in results] == ["success"]
        rows = project.run_sql(f'select id, "from" from {project.test_schema}.my_model', fetch="all")
        assert [tuple(row) for row in rows] == [(1, "blue")]


@pytest.mark.slow
@pytest.mark.shows("dbt-athena", "unit tests: types")
class TestUnitTestTypes(BaseUnitTestingTypes):
    @pytest.fixture
    def data_types(self) -> list[list[str]]:
        """SQL, and the value in YAML."""
        return [
            ["'a, \"b\"'", "'a, \"b\"'"],
            ["timestamp '2024-04-01 00:00:00.000'", "'2024-04-01 00:00:00.000'"],
            ["cast(1.25 as decimal(10, 2))", "1.25"],
        ]


@pytest.mark.shows("dbt-athena", "unit tests: upper and lower case")
@pytest.mark.slow
class TestUnitTestCase(BaseUnitTestCaseInsensivity):
    pass


@pytest.mark.shows("dbt-athena", "unit tests: invalid input")
@pytest.mark.slow
class TestUnitTestInvalidInput(BaseUnitTestInvalidInput):
    pass


@pytest.mark.shows("dbt-athena", "unit tests: reserved words")
@pytest.mark.slow
class TestUnitTestReservedWords(BaseUnitTestQuotedReservedWordColumnNames):
    pass


STORED = "{{ config(store_failures=true) }} select 1 as id, 'wrong' as what"


@pytest.mark.shows("dbt-athena", "store_failures")
class TestStoredFailureOfOneTest:
    @pytest.fixture(scope="class")
    def tests(self) -> dict[str, str]:
        return {"wrong.sql": STORED}

    def test_the_rows_are_kept(self, project: Any) -> None:
        run_dbt(["test"], expect_pass=False)
        rows = project.run_sql(f"select * from {project.test_schema}_dbt_test__audit.wrong", fetch="all")
        assert [tuple(row) for row in rows] == [(1, "wrong")]
        project.created_schemas.append(f"{project.test_schema}_dbt_test__audit")


@pytest.mark.shows("dbt-athena", "store_failures as table, view, ephemeral")
@pytest.mark.slow
class TestStoredFailures(StoreTestFailuresAsInteractions):
    pass


@pytest.mark.slow
class TestStoredFailuresAgain(BaseStoreTestFailures):
    pass


@pytest.mark.shows("dbt-athena", "--empty")
@pytest.mark.slow
class TestEmptyFlag(BaseTestEmpty):
    pass


@pytest.mark.shows("dbt-athena", "--empty, sources in line")
class TestEmptyFlagInline(BaseTestEmptyInlineSourceRef):
    pass


@pytest.mark.shows("dbt-athena", "many models at once")
@pytest.mark.slow
class TestManyAtOnce(BaseConcurrency):
    pass


STATES = ("test_state", "target_name", "target_schema", "target_type", "run_started_at", "invocation_id")
TABLE = (
    "create table {schema}.{name} ("
    + ", ".join(f"{state} string" for state in STATES)
    + ") location 's3://{bucket}/dbt/{schema}/{name}/' tblproperties ('table_type'='ICEBERG')"
)
TOLD = (
    "insert into {{{{ this.schema if this else target.schema }}}}.{name} values ('{state}', "
    "'{{{{ target.name }}}}', '{{{{ target.schema }}}}', '{{{{ target.type }}}}', "
    "'{{{{ run_started_at }}}}', '{{{{ invocation_id }}}}')"
)


def told(project: Any, name: str, state: str) -> dict[str, Any]:
    """What a hook wrote down, once."""
    columns = ", ".join(STATES)
    query = f"select {columns} from {project.test_schema}.{name} where test_state = '{state}'"
    rows = project.run_sql(query, fetch="all")
    assert len(rows) == 1
    return dict(zip(STATES, rows[0], strict=True))


def check(project: Any, name: str, state: str) -> None:
    found = told(project, name, state)
    assert found["target_name"] == "default"
    assert found["target_schema"] == project.test_schema
    assert found["target_type"] == "athena"
    assert found["run_started_at"]
    assert found["invocation_id"]


@pytest.mark.shows("dbt-athena", "OPTIMIZE", "VACUUM", "CREATE TABLE (Iceberg)", part="statement")
@pytest.mark.shows("dbt-athena", "hooks of models, VACUUM and OPTIMIZE in them")
class TestModelHooks(BasePrePostModelHooks):
    """Before and after a model, outside and inside what would be a transaction."""

    @pytest.fixture(scope="class", autouse=True)
    def setUp(self, project: Any, local_aws: Any) -> None:
        project.run_sql(
            TABLE.format(schema=project.test_schema, name="on_model_hook", bucket=local_aws.bucket)
        )

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        vacuum = {"sql": "vacuum {{ this.schema }}.on_model_hook", "transaction": False}
        optimize = "optimize {{ this.schema }}.on_model_hook rewrite data using bin_pack"
        before = TOLD.format(name="on_model_hook", state="start")
        after = TOLD.format(name="on_model_hook", state="end")
        hooks = {"pre-hook": [before, vacuum], "post-hook": [vacuum, after, optimize]}
        return {"models": {"test": hooks}}

    def check_hooks(self, state: str, project: Any, host: Any, count: int = 1) -> None:
        del host, count
        check(project, "on_model_hook", state)


@pytest.mark.shows("dbt-athena", "hooks of runs")
@pytest.mark.slow
class TestRunHooks(BasePrePostRunHooks):
    """Before and after a run, in the order in which they stand."""

    @pytest.fixture
    def setUp(self, project: Any, local_aws: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        project.run_sql(f"drop table if exists {project.test_schema}.on_run_hook")
        project.run_sql(TABLE.format(schema=project.test_schema, name="on_run_hook", bucket=local_aws.bucket))
        for name in ("schemas", "db_schemas"):
            project.run_sql(f"drop table if exists {project.test_schema}.{name}")
        monkeypatch.setenv("TERM_TEST", "TESTING")

    @pytest.fixture(scope="class")
    def macros(self) -> dict[str, str]:
        return {"hook.sql": hook_fixtures.macros__hook}

    @pytest.fixture(scope="class")
    def project_config_update(self, local_aws: Any) -> dict[str, Any]:
        schema = "{{ target.schema }}"

        def order(name: str) -> list[str]:
            place = f"s3://{local_aws.bucket}/dbt/{schema}/{name}/"
            return [
                f"create external table {schema}.{name} (id int) location '{place}'",
                f"drop table {schema}.{name}",
            ]

        told_schemas = (
            f"create table {schema}.schemas as select schema from (values {{% for schema in schemas %}}"
            "('{{ schema }}'){% if not loop.last %},{% endif %}{% endfor %}) as v (schema)"
        )
        told_databases = (
            f"create table {schema}.db_schemas as select * from (values {{% for db, schema in "
            "database_schemas %}('{{ db }}', '{{ schema }}'){% if not loop.last %},{% endif %}{% endfor %}) "
            "as v (db, schema)"
        )
        start = [TOLD.format(name="on_run_hook", state="start"), *order("start_hook_order_test")]
        end = [TOLD.format(name="on_run_hook", state="end"), *order("end_hook_order_test")]
        return {
            "on-run-start": [*start, "{{ log(env_var('TERM_TEST'), info=True) }}"],
            "on-run-end": [*end, told_schemas, told_databases],
        }

    def check_hooks(self, state: str, project: Any, host: Any) -> None:
        del host
        check(project, "on_run_hook", state)
