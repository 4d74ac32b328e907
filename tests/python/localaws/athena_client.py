"""Athena as its tests ask it: one client, one database, statements run to their end."""

import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

import localaws

RESULTS = "athena-results/tests"


@dataclass(frozen=True)
class Execution:
    """A query that has come to its end."""

    id: str
    description: dict[str, Any]

    @property
    def state(self) -> str:
        return str(self.description["Status"]["State"])

    @property
    def reason(self) -> str:
        return str(self.description["Status"].get("StateChangeReason", ""))

    @property
    def statistics(self) -> dict[str, Any]:
        found: dict[str, Any] = self.description["Statistics"]
        return found

    @property
    def output(self) -> str:
        return str(self.description["ResultConfiguration"]["OutputLocation"])


@dataclass(frozen=True)
class Athena:
    """Athena, Glue and S3 of the local AWS, with a database to work in."""

    client: Any
    glue: Any
    s3: Any
    bucket: str
    database: str

    def start(self, sql: str, **members: Any) -> str:
        members.setdefault("ResultConfiguration", {"OutputLocation": f"s3://{self.bucket}/{RESULTS}/"})
        context = {"Catalog": "awsdatacatalog", "Database": self.database}
        members.setdefault("QueryExecutionContext", context)
        return str(self.client.start_query_execution(QueryString=sql, **members)["QueryExecutionId"])

    def wait(self, query_id: str, seconds: float = 60) -> Execution:
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            found = self.client.get_query_execution(QueryExecutionId=query_id)["QueryExecution"]
            if found["Status"]["State"] in ("SUCCEEDED", "FAILED", "CANCELLED"):
                return Execution(query_id, found)
            time.sleep(0.01)
        raise TimeoutError(f"{query_id} is {found['Status']}")

    def run(self, sql: str, **members: Any) -> Execution:
        """A statement to its end, whatever that is."""
        return self.wait(self.start(sql, **members))

    def do(self, sql: str, **members: Any) -> Execution:
        """A statement that succeeds."""
        done = self.run(sql, **members)
        assert done.state == "SUCCEEDED", f"{done.reason}: {sql}"
        return done

    def rows(self, sql: str, **members: Any) -> list[list[str | None]]:
        """Every row of a query's result, without the header of a SELECT."""
        done = self.do(sql, **members)
        pages = self.client.get_paginator("get_query_results").paginate(QueryExecutionId=done.id)
        rows = [
            [datum.get("VarCharValue") for datum in row["Data"]]
            for page in pages
            for row in page["ResultSet"]["Rows"]
        ]
        return rows[1:] if done.output.endswith(".csv") else rows

    def read(self, uri: str) -> bytes:
        """An object's content."""
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        content: bytes = self.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        return content

    def place(self, name: str) -> str:
        """A location for a table of this name."""
        return f"s3://{self.bucket}/tests/{self.database}/{name}"


@pytest.fixture(scope="module")
def athena(local_aws: localaws.LocalAws) -> Iterator[Athena]:
    """A database of the module's own, gone afterwards."""
    glue = boto3.client("glue")
    database = f"test_{uuid.uuid4().hex[:8]}"
    glue.create_database(DatabaseInput={"Name": database})
    yield Athena(boto3.client("athena"), glue, boto3.client("s3"), local_aws.bucket, database)
    glue.delete_database(Name=database)


@pytest.fixture
def workgroup(athena: Athena) -> Iterator[str]:
    """A workgroup that nothing is said about."""
    name = f"group-{uuid.uuid4().hex[:8]}"
    athena.client.create_work_group(Name=name, Configuration={"EnforceWorkGroupConfiguration": False})
    yield name
    athena.client.delete_work_group(WorkGroup=name)
