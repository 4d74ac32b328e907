"""A lake of a benchmark's own on a local AWS: files landed, dbt run, and what its queries read."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import boto3
import trino
from pyathena import connect

import localaws

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Lake:
    """A schema and a bucket of a local AWS, and how they are asked."""

    environment: dict[str, str]
    engine: Any
    bucket: str

    def named(self, schema: str) -> "Lake":
        """Another lake in the same bucket."""
        return replace(self, environment=self.environment | {"FINLAKE_SCHEMA": schema})

    def athena(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of a statement, through Athena's API."""
        with connect(s3_staging_dir=f"s3://{self.bucket}/athena-results/", poll_interval=0.1) as connection:
            cursor = connection.cursor()
            cursor.execute(sql)
            return list(cursor.fetchall()) if cursor.description else []

    def dbt(self, *arguments: str, target: Path) -> None:
        """Run dbt. Raises RuntimeError with what it printed when it fails."""
        command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
        self._run([*command, "--target-path", str(target), "--log-path", str(target)])

    def land(self, folder: Path, *entity: str) -> None:
        """Land the files of a folder. Raises RuntimeError with what was printed when one does not land."""
        self._run([sys.executable, "-m", "ingestion", *entity, "--from", str(folder)])

    def _run(self, command: list[str]) -> None:
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)


@contextmanager
def lake(name: str) -> Iterator[Lake]:
    """A local AWS for the while of the block, found by every client of this process."""
    with localaws.running(small=False) as aws:
        os.environ.update(aws.environment())
        bucket = name.replace("_", "-")
        boto3.client("s3").create_bucket(
            Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": aws.region}
        )
        address = urlsplit(aws.engine_url)
        engine = trino.dbapi.connect(
            host=address.hostname, port=address.port, user="benchmark", catalog="awsdatacatalog"
        )
        environment = os.environ | {
            "FINLAKE_BUCKET": bucket,
            "FINLAKE_SCHEMA": name,
            "DBT_PROFILES_DIR": str(ROOT),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }
        yield Lake(environment, engine, bucket)


def queries() -> set[str]:
    """The queries that Athena knows of."""
    pages = boto3.client("athena").get_paginator("list_query_executions").paginate()
    return {identifier for page in pages for identifier in page["QueryExecutionIds"]}


def executions(identifiers: set[str]) -> Iterator[dict[str, Any]]:
    """What Athena tells of each query."""
    athena: Any = boto3.client("athena")
    ids = sorted(identifiers)
    for start in range(0, len(ids), 50):
        batch = athena.batch_get_query_execution(QueryExecutionIds=ids[start : start + 50])
        yield from batch["QueryExecutions"]


def scanned(found: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Bytes read, by the model on whose behalf, or `other`, of what `executions` found."""
    read: dict[str, int] = {}
    for query in found:
        named = re.search(r"model\.finlake\.(\w+)", query["Query"])
        model = named[1] if named else "other"
        read[model] = read.get(model, 0) + query["Statistics"].get("DataScannedInBytes", 0)
    return read
