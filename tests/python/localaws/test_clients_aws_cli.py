"""The AWS CLI against a local AWS, as a person at a terminal uses it."""

import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import localaws
from localaws.launch import MISLEADING

AWS = shutil.which("aws")
pytestmark = [
    pytest.mark.integration,
    pytest.mark.skipif(
        AWS is None,
        reason="aws is not on PATH; the AWS CLI is not among the pins, since it wants a botocore of its own",
    ),
]


@dataclass(frozen=True)
class Cli:
    """`aws` with nothing of this machine's configuration but the local AWS."""

    environment: dict[str, str]
    bucket: str

    def __call__(self, *arguments: str) -> str:
        ended = self.ended(*arguments)
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    def ended(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(AWS), *arguments]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=60, check=False
        )

    def json(self, *arguments: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self(*arguments, "--output", "json"))
        return found

    def query(self, sql: str) -> dict[str, Any]:
        """A statement to its end."""
        output = f"OutputLocation=s3://{self.bucket}/athena-results/"
        start = ("athena", "start-query-execution", "--query-string", sql, "--result-configuration", output)
        found = self.json(*start)["QueryExecutionId"]
        until = time.monotonic() + 60
        while time.monotonic() < until:
            get = ("athena", "get-query-execution", "--query-execution-id", found)
            execution: dict[str, Any] = self.json(*get)["QueryExecution"]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
        raise TimeoutError(sql)


@pytest.fixture(scope="module")
def aws(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Cli:
    nowhere = str(tmp_path_factory.mktemp("aws") / "none")
    kept = {name: value for name, value in os.environ.items() if name not in MISLEADING}
    own = {"AWS_CONFIG_FILE": nowhere, "AWS_SHARED_CREDENTIALS_FILE": nowhere, "AWS_PAGER": ""}
    return Cli(kept | local_aws.environment() | own, local_aws.bucket)


@pytest.fixture(scope="module")
def table(aws: Cli) -> Iterator[tuple[str, str]]:
    """An Iceberg table of two rows: its database and its name."""
    database = f"cli_{uuid.uuid4().hex[:8]}"
    place = f"s3://{aws.bucket}/{database}"
    properties = f"table_type = 'ICEBERG', is_external = false, location = '{place}/t'"
    rows = "select * from (values (1, 'one'), (2, null)) as v (n, name)"
    for sql in (
        f"create database {database} location '{place}/'",
        f"create table {database}.t with ({properties}) as {rows}",
    ):
        assert aws.query(sql)["Status"]["State"] == "SUCCEEDED"
    yield database, "t"
    aws("glue", "delete-table", "--database-name", database, "--name", "t")
    aws("glue", "delete-database", "--name", database)
    aws("s3", "rm", "--recursive", f"{place}/")


@pytest.mark.shows("AWS CLI", "s3 cp, ls, rm")
def test_files_go_to_s3_and_come_back(aws: Cli, tmp_path: Path) -> None:
    here, back = tmp_path / "large.bin", tmp_path / "back.bin"
    # Large enough for an upload in parts.
    here.write_bytes(os.urandom(9 * 2**20))
    place = f"s3://{aws.bucket}/cli/{uuid.uuid4().hex}"

    aws("s3", "cp", str(here), f"{place}/large.bin")
    listed = aws("s3", "ls", f"{place}/")
    aws("s3", "cp", f"{place}/large.bin", str(back))

    assert listed.split()[2:] == [str(here.stat().st_size), "large.bin"]
    assert back.read_bytes() == here.read_bytes()
    assert aws.bucket in aws("s3", "ls")
    aws("s3", "rm", "--recursive", place)
    assert aws.ended("s3", "ls", f"{place}/").returncode == 1


@pytest.mark.shows("AWS CLI", "s3 sync")
def test_a_folder_is_brought_level(aws: Cli, tmp_path: Path) -> None:
    for name in ("a.txt", "b/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    place = f"s3://{aws.bucket}/cli/{uuid.uuid4().hex}/"

    aws("s3", "sync", str(tmp_path), place)
    (tmp_path / "a.txt").unlink()
    aws("s3", "sync", "--delete", str(tmp_path), place)

    assert [
        line.split()[3].rpartition("/")[2] for line in aws("s3", "ls", "--recursive", place).splitlines()
    ] == ["c.txt"]
    aws("s3", "rm", "--recursive", place)


@pytest.mark.shows("AWS CLI", "CREATE DATABASE", "CREATE TABLE AS (Iceberg)", part="statement")
@pytest.mark.shows("AWS CLI", "glue get-table, get-tables, get-databases")
def test_tables_are_in_the_catalog(aws: Cli, table: tuple[str, str]) -> None:
    database, name = table
    one = aws.json("glue", "get-table", "--database-name", database, "--name", name)["Table"]
    every = aws.json("glue", "get-tables", "--database-name", database)["TableList"]

    assert one["Parameters"]["table_type"].upper() == "ICEBERG"
    columns = [(column["Name"], column["Type"]) for column in one["StorageDescriptor"]["Columns"]]
    assert columns == [("n", "int"), ("name", "string")]
    assert [found["Name"] for found in every] == [name]
    databases = aws.json("glue", "get-databases")["DatabaseList"]
    assert database in {found["Name"] for found in databases}
    missing = aws.ended("glue", "get-table", "--database-name", database, "--name", "missing")
    assert missing.returncode != 0
    assert "EntityNotFoundException" in missing.stderr


@pytest.mark.shows("AWS CLI", "SELECT", part="statement")
@pytest.mark.shows("AWS CLI", "athena start-query-execution to get-query-results")
def test_a_query_and_its_results(aws: Cli, table: tuple[str, str]) -> None:
    database, name = table
    done = aws.query(f"select n, name from {database}.{name} order by n")
    results = aws.json("athena", "get-query-results", "--query-execution-id", done["QueryExecutionId"])

    assert done["Status"]["State"] == "SUCCEEDED"
    rows = [[cell.get("VarCharValue") for cell in row["Data"]] for row in results["ResultSet"]["Rows"]]
    assert rows == [["n", "name"], ["1", "one"], ["2", None]]
    content = aws("s3", "cp", done["ResultConfiguration"]["OutputLocation"], "-")
    assert content == '"n","name"\n"1","one"\n"2",\n'


@pytest.mark.shows("AWS CLI", "a query that fails says why")
def test_a_query_that_fails_says_why(aws: Cli, table: tuple[str, str]) -> None:
    failed = aws.query(f"select nothing from {table[0]}.{table[1]}")

    assert failed["Status"]["State"] == "FAILED"
    assert failed["Status"]["StateChangeReason"].startswith("COLUMN_NOT_FOUND: line 1:8")
    asked = aws.ended("athena", "get-query-results", "--query-execution-id", failed["QueryExecutionId"])
    assert asked.returncode != 0
    assert "InvalidRequestException" in asked.stderr


@pytest.mark.shows(
    "AWS CLI",
    *("StartQueryExecution", "GetQueryExecution", "GetQueryResults", "ListQueryExecutions"),
    *("ListWorkGroups", "CreateWorkGroup", "GetWorkGroup", "DeleteWorkGroup"),
    *("CreateNamedQuery", "GetNamedQuery", "ListNamedQueries", "DeleteNamedQuery"),
    *("ListDatabases", "GetTableMetadata", "ListDataCatalogs"),
    part="operation",
)
def test_athena_is_looked_after(aws: Cli, table: tuple[str, str]) -> None:
    group = f"cli_{uuid.uuid4().hex[:8]}"
    aws("athena", "create-work-group", "--name", group, "--description", "of the CLI")
    assert group in {found["Name"] for found in aws.json("athena", "list-work-groups")["WorkGroups"]}
    found = aws.json("athena", "get-work-group", "--work-group", group)["WorkGroup"]
    assert found["Description"] == "of the CLI"
    query = (
        "--name",
        "counted",
        "--database",
        table[0],
        "--query-string",
        f"select count(*) from {table[1]}",
    )
    named = aws.json("athena", "create-named-query", *query, "--work-group", group)["NamedQueryId"]
    listed = aws.json("athena", "list-named-queries", "--work-group", group)["NamedQueryIds"]
    assert listed == [named]
    assert aws.json("athena", "get-named-query", "--named-query-id", named)["NamedQuery"]["Name"] == "counted"
    aws("athena", "delete-named-query", "--named-query-id", named)
    aws("athena", "delete-work-group", "--work-group", group)
    catalog = ("--catalog-name", "AwsDataCatalog")
    databases = aws.json("athena", "list-databases", *catalog)["DatabaseList"]
    assert table[0] in {database["Name"] for database in databases}
    where = (*catalog, "--database-name", table[0], "--table-name", table[1])
    assert aws.json("athena", "get-table-metadata", *where)["TableMetadata"]["Name"] == table[1]
    assert aws.json("athena", "list-data-catalogs")["DataCatalogsSummary"]
    done = aws.query("select 1")["QueryExecutionId"]
    assert done in aws.json("athena", "list-query-executions")["QueryExecutionIds"]
