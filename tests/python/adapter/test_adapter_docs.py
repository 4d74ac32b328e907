# mypy: allow-subclassing-any, allow-untyped-calls
"""The catalog and the documentation kept in Glue."""

import json
from pathlib import Path
from typing import Any

import pytest
from dbt.tests.adapter.basic import expected_catalog
from dbt.tests.adapter.basic.test_docs_generate import BaseDocsGenerate, BaseDocsGenReferences
from dbt.tests.adapter.persist_docs import fixtures
from dbt.tests.adapter.persist_docs.test_persist_docs import (
    BasePersistDocs,
    BasePersistDocsAllColumnsMissing,
    BasePersistDocsBase,
    BasePersistDocsCommentOnQuotedColumn,
    BasePersistDocsQuotedColumnCaseSensitive,
)
from dbt.tests.util import run_dbt, run_dbt_and_capture

PERSISTED = {"models": {"test": {"+persist_docs": {"relation": True, "columns": True}}}}


@pytest.mark.shows("dbt-athena", "docs generate: the catalog")
class TestDocsGenerate(BaseDocsGenerate):
    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any, profile_user: str) -> Any:
        return expected_catalog.base_expected_catalog(
            project,
            role=profile_user,
            id_type="int",
            text_type="string",
            time_type="timestamp",
            view_type="view",
            table_type="table",
            model_stats=expected_catalog.no_stats(),
        )


@pytest.mark.shows("dbt-athena", "docs generate: references")
@pytest.mark.slow
class TestDocsGenReferences(BaseDocsGenReferences):
    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any, profile_user: str) -> Any:
        return expected_catalog.expected_references_catalog(
            project,
            role=profile_user,
            id_type="int",
            text_type="string",
            time_type="timestamp",
            bigint_type="bigint",
            view_type="view",
            table_type="table",
            model_stats=expected_catalog.no_stats(),
        )


@pytest.mark.shows("dbt-athena", "persist_docs (Hive)")
class TestPersistDocsHive(BasePersistDocs):
    pass


@pytest.mark.shows("dbt-athena", "persist_docs (Iceberg)")
@pytest.mark.slow
class TestPersistDocsIceberg(BasePersistDocs):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        test = {"+table_type": "iceberg", **PERSISTED["models"]["test"]}
        return {"models": {"test": test}}


@pytest.mark.shows("dbt-athena", "persist_docs of quoted columns")
@pytest.mark.slow
class TestDocsOfQuotedColumns(BasePersistDocsCommentOnQuotedColumn):
    pass


@pytest.mark.slow
class TestDocsOfColumnsThatAreNot(BasePersistDocsAllColumnsMissing):
    pass


@pytest.mark.slow
class TestDocsOfQuotedCase(BasePersistDocsQuotedColumnCaseSensitive):
    pass


@pytest.mark.shows("dbt-athena", "persist_docs of a column that is missing")
@pytest.mark.slow
class TestDocsOfOneMissingColumn(BasePersistDocsBase):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return PERSISTED

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        return {"missing_column.sql": fixtures._MODELS__MISSING_COLUMN}

    @pytest.fixture(scope="class")
    def properties(self) -> dict[str, str]:
        return {"schema.yml": fixtures._PROPERTIES__SCHEMA_MISSING_COL}

    def test_the_others_have_theirs(self, project: Any) -> None:
        del project
        _, log = run_dbt_and_capture(["run"])
        assert "not present in the database: column_that_does_not_exist" in log
        run_dbt(["docs", "generate"])
        nodes = json.loads(Path("target/catalog.json").read_text())["nodes"]
        assert nodes["model.test.missing_column"]["columns"]["id"]["comment"] == "test id column description"
