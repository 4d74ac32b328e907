# mypy: allow-subclassing-any, allow-untyped-calls, disable-error-code="override"
"""The catalog and the documentation kept in Glue."""

import json
from pathlib import Path
from typing import Any

import boto3
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


def with_view_comments(catalog: dict[str, Any]) -> dict[str, Any]:
    """Athena gives each view a comment of its own."""
    for node in catalog["nodes"].values():
        if node["metadata"]["type"] == "view":
            node["metadata"]["comment"] = "Presto View"
    return catalog


PERSISTED = {"models": {"test": {"+persist_docs": {"relation": True, "columns": True}}}}


@pytest.mark.shows("dbt-athena", "docs generate: the catalog")
class TestDocsGenerate(BaseDocsGenerate):
    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any, profile_user: str) -> Any:
        found = expected_catalog.base_expected_catalog(
            project,
            role=profile_user,
            id_type="int",
            text_type="string",
            time_type="timestamp",
            view_type="view",
            table_type="table",
            model_stats=expected_catalog.no_stats(),
        )
        return with_view_comments(found)

    @pytest.mark.skip(reason="the other test shows as much and more")
    def test_run_and_generate_no_compile(self) -> None: ...


@pytest.mark.slow
class TestDocsGenReferences(BaseDocsGenReferences):
    @pytest.fixture(scope="class")
    def expected_catalog(self, project: Any, profile_user: str) -> Any:
        found = expected_catalog.expected_references_catalog(
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
        for node in [*found["nodes"].values(), *found["sources"].values()]:
            # dbt-athena counts them from 0
            node["columns"] = {
                name: {**column, "index": column["index"] - 1} for name, column in node["columns"].items()
            }
        return with_view_comments(found)


@pytest.mark.shows("dbt-athena", "persist_docs (Hive)")
class TestPersistDocsHive(BasePersistDocs):
    def _assert_common_comments(self, *comments: str) -> None:
        # dbt-athena puts a description on one line.
        for comment in comments:
            assert '"with double quotes"' in comment
            assert """'''abc123'''""" in comment
            assert "/* comment */" in comment

    def test_has_comments_pglike(self, project: Any) -> None:
        # Once more over what has its docs: views are replaced with theirs on them.
        run_dbt(["run"])
        run_dbt(["docs", "generate"])
        nodes = json.loads(Path("target/catalog.json").read_text())["nodes"]
        for name, what in (("table_model", "Table"), ("view_model", "View")):
            # A view's comment is Trino's mark of views here; its description is where Glue has it.
            found = boto3.client("glue").get_table(DatabaseName=project.test_schema, Name=name)["Table"]
            described = found["Description"]
            assert described.startswith(f"{what} model description")
            column = nodes[f"model.test.{name}"]["columns"]["id"]["comment"]
            assert column.startswith("id Column description")
            self._assert_common_comments(described, column)
        assert nodes["model.test.table_model"]["metadata"]["comment"].startswith("Table model description")
        table = nodes["model.test.table_model"]["columns"]["name"]["comment"]
        assert table.startswith("Some stuff here and then a call to")


@pytest.mark.slow
class TestPersistDocsIceberg(TestPersistDocsHive):
    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        test = {"+table_type": "iceberg", **PERSISTED["models"]["test"]}
        return {"models": {"test": test}}


@pytest.mark.slow
class TestDocsOfQuotedColumns(BasePersistDocsCommentOnQuotedColumn):
    pass


@pytest.mark.slow
class TestDocsOfColumnsThatAreNot(BasePersistDocsAllColumnsMissing):
    pass


@pytest.mark.slow
class TestDocsOfQuotedCase(BasePersistDocsQuotedColumnCaseSensitive):
    pass


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
