"""A lake of a test's own: a bucket, a schema, files landed in it and dbt run over it, as a user would."""

import os
import re
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import boto3
from pyathena import connect

from tests.python.lake.commands import Command

PROJECT = Path(__file__).parents[3]


@dataclass(frozen=True, slots=True)
class Lake:
    """A lake in the local AWS that the environment names; `work` holds what its runs leave behind."""

    name: str
    work: Path
    bucket: str
    workgroup: str = "primary"

    @property
    def environment(self) -> dict[str, str]:
        return os.environ | {
            "FINLAKE_BUCKET": self.bucket,
            "FINLAKE_SCHEMA": self.name,
            "FINLAKE_WORKGROUP": self.workgroup,
            "DBT_PROFILES_DIR": str(PROJECT),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        }

    def create(self) -> "Lake":
        """The same with a bucket and a workgroup: others are at work in the same AWS."""
        boto3.client("s3").create_bucket(
            Bucket=self.bucket,
            CreateBucketConfiguration={"LocationConstraint": "sa-east-1"},
        )
        boto3.client("athena").create_work_group(Name=self.bucket)
        return replace(self, workgroup=self.bucket)

    def land(
        self, files: Iterable[Path], may_be_refused: bool = False, entity: tuple[str, ...] = ("b3", "quotes")
    ) -> None:
        """Land these files of an entity, in the order of their names.

        Raises AssertionError with what ingestion said when it ends otherwise than it should.
        """
        batch = self.work / f"batch-{len(list(self.work.glob('batch-*')))}"
        batch.mkdir(parents=True)
        for file in files:
            shutil.copy(file, batch / file.name)
        done = self._command("ingestion", *entity, "--from", str(batch)).run()
        assert done.returncode in ({0, 1} if may_be_refused else {0}), done.stdout + done.stderr

    def dbt(self, *arguments: str) -> str:
        """Run dbt; what it printed. Raises AssertionError with that when it fails."""
        done = self._dbt(*arguments).run()
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def dbt_killed(self, model: str, *arguments: str) -> None:
        """Run dbt, kill it as soon as a model's merge is sent, and let the engine end what it is at.

        Raises AssertionError when dbt ends before.
        """
        before = self.queries()
        nowhere = Path(os.devnull)
        process = self._dbt(*arguments).start(nowhere, nowhere)
        while not self._states_since(before, "merge", model):
            assert process.is_alive(), f"dbt ended before the merge of {model}"
            time.sleep(0.1)
        process.kill()
        process.join()
        while self._states_since(before, "") & {"QUEUED", "RUNNING"}:
            time.sleep(0.1)

    def _dbt(self, *arguments: str) -> Command:
        logs = ("--no-use-colors", "--log-path", str(self.work / "logs"), "--log-level-file", "info")
        target = ("--target-path", str(self.target))
        return self._command("tests.python.lake.run_dbt", *logs, *arguments, *target)

    def report(self, *arguments: str) -> CompletedProcess[str]:
        """Make a page of B3 (`python -m reports b3`): how that ended."""
        return self._command("reports", "b3", *arguments).run()

    @property
    def target(self) -> Path:
        return self.work / "target"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows of a query; `{lake}` in it is the lake's name."""
        with connect(
            s3_staging_dir=f"s3://{self.bucket}/athena-results/",
            schema_name=f"{self.name}_raw",
            work_group=self.workgroup,
            poll_interval=0.1,
        ) as connection:
            cursor = connection.cursor()
            cursor.execute(sql.replace("{lake}", self.name))
            return list(cursor.fetchall())

    def queries(self) -> set[str]:
        """Identifiers of the queries that its workgroup has run."""
        listed = boto3.client("athena").get_paginator("list_query_executions")
        pages = listed.paginate(WorkGroup=self.workgroup)
        return {identifier for page in pages for identifier in page["QueryExecutionIds"]}

    def scanned_since(self, before: set[str], statement: str = "create table") -> dict[str, int]:
        """Bytes that statements of dbt's models beginning with `statement` have read since, by model.

        A model's select is in a `create table`; what it writes into what is there, in a `merge`.
        """
        scanned: Counter[str] = Counter()
        for model, query in self._statements_since(before, statement):
            scanned[model] += query["Statistics"].get("DataScannedInBytes", 0)
        return dict(scanned)

    def _states_since(self, before: set[str], statement: str, model: str | None = None) -> set[str]:
        """States of the statements that begin with `statement`, of all models or of one."""
        found = self._statements_since(before, statement)
        return {query["Status"]["State"] for name, query in found if model in (None, name)}

    def _statements_since(self, before: set[str], statement: str) -> Iterator[tuple[str, Any]]:
        """The model and the execution of each statement of dbt's models that begins with `statement`."""
        athena = boto3.client("athena")
        ids = sorted(self.queries() - before)
        for start in range(0, len(ids), 50):
            batch = athena.batch_get_query_execution(QueryExecutionIds=ids[start : start + 50])
            for query in batch["QueryExecutions"]:
                model = re.search(rf'"node_id": "model\.finlake\.(\w+)"}} \*/\s+{statement}', query["Query"])
                if model:
                    yield model[1], query

    def differences(
        self, other: "Lake", tables: Iterable[tuple[str, str]], left_out: tuple[str, ...]
    ) -> dict[str, list[tuple[Any, ...]]]:
        """Of tables (layer, name) that differ, some rows that one lake has more often than the other.

        Columns that begin with one of `left_out` are not compared. Raises AssertionError on an empty table.
        """
        found = {table: self._difference(other, layer, table, left_out) for layer, table in tables}
        return {table: rows for table, rows in found.items() if rows}

    def _difference(
        self, other: "Lake", layer: str, table: str, left_out: tuple[str, ...]
    ) -> list[tuple[Any, ...]]:
        held = self.comments(f"{self.name}_{layer}", table)
        columns = ", ".join(name for name in held if not name.startswith(left_out))
        tables = [f"from {lake.name}_{layer}.{table}" for lake in (self, other)]
        mine, yours = (self.rows(f"select count(*), checksum(row({columns})) {rows}")[0] for rows in tables)
        assert mine[0], f"{table} is empty"
        if mine == yours:
            return []
        # two questions, since some views are too much for one
        one, two = (f"select {columns} {rows}" for rows in tables)
        return self.rows(f"select '{self.name}', * from ({one} except all {two}) limit 5") + self.rows(
            f"select '{other.name}', * from ({two} except all {one}) limit 5"
        )

    def comments(self, database: str, table: str) -> dict[str, str]:
        """The comment of each column of a table, as the catalog has it."""
        described = boto3.client("glue").get_table(DatabaseName=database, Name=table)
        return {
            column["Name"]: column.get("Comment", "")
            for column in described["Table"]["StorageDescriptor"]["Columns"]
            if column.get("Parameters", {}).get("iceberg.field.current", "true") == "true"
        }

    def _command(self, module: str, *arguments: str) -> Command:
        return Command(PROJECT, self.environment, module, arguments)
