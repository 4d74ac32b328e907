# mypy: allow-subclassing-any
"""The basic suite: every materialization once and again, on Hive and on Iceberg tables."""

from typing import Any

import pytest
from dbt.tests.adapter.basic import files
from dbt.tests.adapter.basic.test_adapter_methods import BaseAdapterMethod
from dbt.tests.adapter.basic.test_base import BaseSimpleMaterializations
from dbt.tests.adapter.basic.test_empty import BaseEmpty
from dbt.tests.adapter.basic.test_ephemeral import BaseEphemeral
from dbt.tests.adapter.basic.test_generic_tests import BaseGenericTests
from dbt.tests.adapter.basic.test_incremental import BaseIncremental, BaseIncrementalNotSchemaChange
from dbt.tests.adapter.basic.test_singular_tests import BaseSingularTests
from dbt.tests.adapter.basic.test_singular_tests_ephemeral import BaseSingularTestsEphemeral
from dbt.tests.adapter.basic.test_table_materialization import BaseTableMaterialization
from dbt.tests.adapter.basic.test_validate_connection import BaseValidateConnection
from dbt.tests.adapter.caching.test_caching import BaseCachingLowercaseModel
from dbt.tests.adapter.dbt_show.test_dbt_show import BaseShowLimit, BaseShowSqlHeader
from dbt.tests.adapter.relations.test_changing_relation_type import BaseChangeRelationTypeValidator

from tests.python.adapter.rewriting import on_iceberg


class OnIceberg:
    """The models of the class this stands before, on Iceberg."""

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+table_type": "iceberg", "+incremental_strategy": "append"}}


@pytest.mark.shows(
    "dbt-athena", "CREATE VIEW", "SELECT", "CREATE DATABASE", "DROP DATABASE", part="statement"
)
@pytest.mark.shows("dbt-athena", "table, view, incremental on Hive, and from one to the other")
class TestMaterializationsHive(BaseSimpleMaterializations):
    pass


@pytest.mark.slow
class TestMaterializationsIceberg(OnIceberg, BaseSimpleMaterializations):
    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        models = {
            "view_model.sql": files.base_view_sql,
            "table_model.sql": files.base_table_sql,
            "swappable.sql": files.base_materialized_var_sql,
            "schema.yml": files.schema_base_yml,
        }
        return on_iceberg(models)


class TestEmptyProject(BaseEmpty):
    pass


@pytest.mark.slow
class TestEphemeralHive(BaseEphemeral):
    pass


@pytest.mark.shows("dbt-athena", "ephemeral models")
class TestEphemeralIceberg(OnIceberg, BaseEphemeral):
    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        models = {
            "ephemeral.sql": files.base_ephemeral_sql,
            "view_model.sql": files.ephemeral_view_sql,
            "table_model.sql": files.ephemeral_table_sql,
            "schema.yml": files.schema_base_yml,
        }
        return on_iceberg(models)


@pytest.mark.shows("dbt-athena", "native_drop")
@pytest.mark.slow
class TestEphemeralIcebergNativeDrop(TestEphemeralIceberg):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"models": {"+table_type": "iceberg", "+native_drop": True}}


@pytest.mark.shows("dbt-athena", "generic tests")
@pytest.mark.slow
class TestGenericTestsHive(BaseGenericTests):
    pass


@pytest.mark.slow
class TestGenericTestsIceberg(OnIceberg, BaseGenericTests):
    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        models = {
            "view_model.sql": files.base_view_sql,
            "table_model.sql": files.base_table_sql,
            "schema.yml": files.schema_base_yml,
            "schema_view.yml": files.generic_test_view_yml,
            "schema_table.yml": files.generic_test_table_yml,
        }
        return on_iceberg(models)


@pytest.mark.shows("dbt-athena", "incremental: append (Hive)")
@pytest.mark.slow
class TestIncrementalHive(BaseIncremental):
    pass


@pytest.mark.shows("dbt-athena", "incremental: merge (Iceberg)")
class TestIncrementalIceberg(BaseIncremental):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        merged = {"+table_type": "iceberg", "+incremental_strategy": "merge", "+unique_key": "id"}
        return {"name": "incremental", "models": merged}

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return on_iceberg({"incremental.sql": files.incremental_sql, "schema.yml": files.schema_base_yml})


@pytest.mark.slow
class TestIncrementalNotSchemaChange(BaseIncrementalNotSchemaChange):
    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        # `||` takes text alone.
        sql = files.incremental_not_schema_change_sql.replace(
            "1 || '-' || current_timestamp", "'1-' || cast(current_timestamp as varchar)"
        )
        return {"incremental_not_schema_change.sql": sql}


@pytest.mark.shows("dbt-athena", "singular tests")
class TestSingularTests(BaseSingularTests):
    pass


@pytest.mark.slow
class TestSingularTestsEphemeral(BaseSingularTestsEphemeral):
    pass


@pytest.mark.shows("dbt-athena", "adapter methods")
@pytest.mark.slow
class TestAdapterMethods(BaseAdapterMethod):
    pass


@pytest.mark.shows("dbt-athena", "debug")
class TestValidateConnection(BaseValidateConnection):
    pass


@pytest.mark.slow
class TestTableMaterialization(BaseTableMaterialization):
    pass


@pytest.mark.slow
class TestChangeRelationTypeHive(BaseChangeRelationTypeValidator):
    pass


@pytest.mark.slow
class TestChangeRelationTypeIceberg(OnIceberg, BaseChangeRelationTypeValidator):
    pass


@pytest.mark.slow
class TestCaching(BaseCachingLowercaseModel):
    pass


@pytest.mark.shows("dbt-athena", "show")
@pytest.mark.slow
class TestShow(BaseShowLimit):
    pass


@pytest.mark.slow
class TestShowSqlHeader(BaseShowSqlHeader):
    pass
