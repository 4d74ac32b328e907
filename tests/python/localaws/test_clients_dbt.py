"""dbt-athena, unchanged, on the local AWS: each way it makes relations, first and again."""

import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest

import localaws

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = pytest.mark.integration

PROJECT = Path(__file__).parent / "cases" / "dbt"


@dataclass(frozen=True)
class Project:
    """A dbt project in a folder of its own, on a schema of its own."""

    folder: Path
    schema: str

    def dbt(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "dbt.cli.main", *arguments, "--no-use-colors"]
        environment = {**os.environ, "SMALL_SCHEMA": self.schema, "DBT_PROFILES_DIR": str(self.folder)}
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        assert done.returncode == 0, done.stdout[-5000:]

    def results(self) -> dict[str, Any]:
        """What the last run did, by name."""
        found = json.loads((self.folder / "target" / "run_results.json").read_text())["results"]
        return {result["unique_id"].split(".")[2]: result for result in found}


@pytest.fixture(scope="module")
def project(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    assert local_aws.endpoint_url == os.environ["AWS_ENDPOINT_URL"]
    folder = tmp_path_factory.mktemp("dbt") / "small"
    shutil.copytree(PROJECT, folder)
    schema = f"small_{uuid.uuid4().hex[:8]}"
    yield Project(folder, schema)
    boto3.client("glue").delete_database(Name=schema)


@pytest.fixture(scope="module")
def first(project: Project) -> dict[str, Any]:
    """The first build, on nothing."""
    project.dbt("build")
    return project.results()


@pytest.fixture(scope="module")
def second(project: Project, first: dict[str, Any]) -> dict[str, Any]:
    """A day later."""
    assert first
    project.dbt("build", "--vars", "{day: 2}")
    return project.results()


def rows(athena: "Athena", project: Project, sql: str) -> list[list[str | None]]:
    return athena.rows(sql, QueryExecutionContext={"Database": project.schema})


def test_first_build_makes_every_kind(athena: "Athena", project: Project, first: dict[str, Any]) -> None:
    assert {result["status"] for result in first.values()} == {"success", "pass"}
    expected = [
        ["1", "a, b", "1.5", "2024-01-01"],
        ["2", None, "2.25", "2024-02-01"],
        ["3", 'it\'s "quoted"', None, "2024-03-01"],
    ]
    for table in ("codes", "hive_table", "iceberg_table"):
        assert rows(athena, project, f"select code, name, amount, since from {table} order by 1") == expected
    assert rows(athena, project, "select distinct seen_at from iceberg_table") == [
        ["2024-01-01 00:00:00.123456"]
    ]
    assert rows(athena, project, "select id, label from inserted order by 1") == [["1", "one"], ["2", "two"]]
    assert rows(athena, project, "select code, name from filtered") == [["2", None]]


def test_more_partitions_than_a_write_takes_come_in_batches(
    athena: "Athena", project: Project, first: dict[str, Any]
) -> None:
    assert first["many_partitions"]["status"] == "success"
    counted = "select count(*), count(distinct n) from many_partitions"
    assert rows(athena, project, counted) == [["120", "120"]]
    partitions = 'select count(*) from "many_partitions$partitions"'
    assert rows(athena, project, partitions) == [["120"]]


def test_incremental_strategies(athena: "Athena", project: Project, second: dict[str, Any]) -> None:
    assert {result["status"] for result in second.values()} == {"success", "pass"}
    assert rows(athena, project, "select id, value, extra from merged order by id") == [
        ["1", "one", None],
        ["2", "two again", "late"],
        ["3", "three", "late"],
    ]
    appended = "select count(*), count(distinct id) from appended"
    assert rows(athena, project, appended) == [["5", "3"]]
    overwritten = "select id, value, dt from overwritten order by dt, id"
    assert rows(athena, project, overwritten) == [
        ["1", "one", "2024-01-01"],
        ["2", "two again", "2024-01-02"],
        ["3", "three", "2024-01-02"],
    ]


def test_snapshot_keeps_history(athena: "Athena", project: Project, second: dict[str, Any]) -> None:
    assert second["history"]["status"] == "success"
    history = "select id, value, dbt_valid_to is null from history order by id, dbt_valid_from"
    assert rows(athena, project, history) == [
        ["1", "one", "true"],
        ["2", "two", "false"],
        ["2", "two again", "true"],
        ["3", "three", "true"],
    ]


def test_bytes_and_rows_are_in_the_run_results(second: dict[str, Any]) -> None:
    merged = second["merged"]["adapter_response"]
    assert merged["rows_affected"] == 2
    assert merged["data_scanned_in_bytes"] > 0


def test_docs_of_tables_are_persisted(athena: "Athena", project: Project, second: dict[str, Any]) -> None:
    assert second["contracted"]["status"] == "success"
    described(athena, project, "contracted", "One row per code; it's a contract", "The code")


def described(athena: "Athena", project: Project, name: str, text: str, comment: str) -> None:
    table = athena.glue.get_table(DatabaseName=project.schema, Name=name)["Table"]
    assert table["Description"] == text
    comments = {column["Name"]: column.get("Comment") for column in table["StorageDescriptor"]["Columns"]}
    assert comments["code"] == comment


def test_docs_generate_reads_the_catalog(project: Project, second: dict[str, Any]) -> None:
    assert second
    project.dbt("docs", "generate", "--vars", "{day: 2}")
    nodes = json.loads((project.folder / "target" / "catalog.json").read_text())["nodes"]
    assert nodes["model.small.contracted"]["metadata"]["comment"] == "One row per code; it's a contract"
    columns = nodes["model.small.contracted"]["columns"]
    assert {name: column["type"] for name, column in columns.items()} == {
        "code": "int",
        "name": "string",
        "amount": "decimal(10,2)",
        "since": "date",
    }
    assert columns["amount"]["comment"] == "In reais"
    assert nodes["model.small.filtered"]["metadata"]["type"] == "view"
    assert {name: column["type"] for name, column in nodes["model.small.filtered"]["columns"].items()} == {
        "code": "int",
        "name": "string",
    }


def test_full_refresh_makes_all_anew(athena: "Athena", project: Project, second: dict[str, Any]) -> None:
    assert second
    project.dbt("build", "--full-refresh", "--vars", "{day: 2}")
    assert rows(athena, project, "select count(*) from appended") == [["3"]]


def test_a_view_with_persisted_docs_is_read_and_made_again(
    athena: "Athena", project: Project, second: dict[str, Any]
) -> None:
    assert second
    again = ("run", "--select", "filtered", "--vars", "{day: 2, view_docs: true}")
    project.dbt(*again)
    described(athena, project, "filtered", "A view of what is large", "The code again")
    assert rows(athena, project, "select count(*) from filtered") == [["1"]]
    project.dbt(*again)
