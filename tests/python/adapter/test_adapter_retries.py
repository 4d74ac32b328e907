# mypy: allow-subclassing-any
"""dbt-athena tries again when another has committed before it; the local AWS is made to let another."""

from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from dbt.tests.util import check_relations_equal, run_dbt
from trino.dbapi import connect

from localaws import LocalAws
from localaws.catalog import versions
from localaws.catalog.call import Answer, Call, Next
from localaws.catalog.versions import update_table
from tests.python.adapter.test_adapter_athena import ICEBERG, TABLE, model

AT_ONCE = 8
ICEBERG_ERROR = 233


class Overtaken:
    """Glue's UpdateTable of `target`: before the first one another client commits, as it may at any time."""

    def __init__(self) -> None:
        self.refused = 0
        self._first = True

    def __call__(self, call: Call, following: Next) -> Answer:
        if call.payload["TableInput"]["Name"] == "target" and self._first:
            self._first = False
            named = {"DatabaseName": call.payload["DatabaseName"], "Name": "target"}
            table = following(call.other("GetTable", named)).body["Table"]
            same = {name: table[name] for name in ("Name", "Parameters", "StorageDescriptor")}
            other = {"DatabaseName": named["DatabaseName"], "TableInput": same}
            assert following(call.other("UpdateTable", other)).ok
        answer = update_table(call, following)
        self.refused += answer.body.get("__type") == "ConcurrentModificationException"
        return answer


def execution_ids(athena: Any) -> set[str]:
    """Of all queries so far."""
    pages = athena.get_paginator("list_query_executions").paginate()
    return {name for page in pages for name in page["QueryExecutionIds"]}


@pytest.fixture(scope="module")
def local_aws(own_aws: LocalAws) -> LocalAws:
    """In this process: a test reaches into it."""
    return own_aws


@pytest.mark.shows("dbt-athena", "retries on commit conflicts")
class TestRetries:
    """Inserts side by side into one Iceberg table: who loses the race tries again, and no row is lost.

    The engine tries again by itself, and is asked not to: of this table it gives a lost race up at once.
    """

    @pytest.fixture(scope="class")
    def dbt_profile_target(self, dbt_profile_target: dict[str, Any]) -> dict[str, Any]:
        return {**dbt_profile_target, "threads": AT_ONCE, "num_iceberg_retries": 5 * AT_ONCE}

    @pytest.fixture(scope="class")
    def models(self) -> dict[str, str]:
        target = model(ICEBERG, "select 1 as id limit 0")
        writer = model(f"{TABLE}, pre_hook='insert into target values (NUMBER)'", "select 1 as x")
        return {
            "target.sql": target,
            **{f"writer_{n}.sql": writer.replace("NUMBER", str(n)) for n in range(AT_ONCE)},
        }

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"expected.csv": "id\n" + "".join(f"{n}\n" for n in range(AT_ONCE))}

    def test_every_row_arrives(
        self, project: Any, local_aws: LocalAws, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        run_dbt(["build", "--select", "expected", "target"])
        table = f"awsdatacatalog.{project.test_schema}.target"
        engine = urlsplit(local_aws.engine_url)
        with connect(host=engine.hostname, port=engine.port, user="test") as trino:
            trino.cursor().execute(f"alter table {table} set properties max_commit_retry = 0").fetchall()
        overtaken = Overtaken()
        monkeypatch.setitem(versions.LAYERS, "UpdateTable", overtaken)
        athena: Any = boto3.client("athena")
        before = execution_ids(athena)
        results = run_dbt(["run", "--exclude", "target"])
        assert {result.status for result in results} == {"success"}
        assert overtaken.refused
        check_relations_equal(project.adapter, ["target", "expected"])
        names = execution_ids(athena) - before
        executions = [athena.get_query_execution(QueryExecutionId=name)["QueryExecution"] for name in names]
        lost = [each["Status"] for each in executions if each["Status"]["State"] == "FAILED"]
        assert lost
        assert {each["AthenaError"]["ErrorType"] for each in lost} == {ICEBERG_ERROR}
        assert all(each["StateChangeReason"].startswith("ICEBERG_COMMIT_ERROR: ") for each in lost), lost
