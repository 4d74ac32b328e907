"""Every kind of statement through each client that sends one: `cases/clients/statements.yml`, in order."""

import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import awswrangler as wr
import boto3
import pyathena
import pytest
import yaml
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore")]

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "clients" / "statements.yml").read_text())
Send = Callable[[str, str], None]


class RefusedError(Exception):
    """What Athena answered instead."""


@pytest.fixture(scope="module")
def databases(athena: "Athena") -> Iterator[dict[str, str]]:
    """A database for each client."""
    found = {client: f"said_{uuid.uuid4().hex[:8]}" for client in ("boto3", "awswrangler", "PyAthena")}
    for database in found.values():
        athena.glue.create_database(DatabaseInput={"Name": database})
    yield found
    for database in found.values():
        athena.glue.delete_database(Name=database)


def by_boto3(athena: "Athena", sql: str, database: str) -> None:
    try:
        done = athena.run(sql, QueryExecutionContext={"Database": database})
    except ClientError as error:
        raise RefusedError(error.response["Error"]["Message"]) from error
    if done.state != "SUCCEEDED":
        raise RefusedError(done.reason)


def by_awswrangler(athena: "Athena", sql: str, database: str) -> None:
    output = f"s3://{athena.bucket}/athena-results/wrangler/"
    try:
        query = wr.athena.start_query_execution(sql, database=database, s3_output=output)
        wr.athena.wait_query(query, athena_query_wait_polling_delay=0.02)
    except (ClientError, wr.exceptions.QueryFailed) as error:
        raise RefusedError(str(error)) from error


def by_pyathena(athena: "Athena", sql: str, database: str) -> None:
    place = f"s3://{athena.bucket}/athena-results/pyathena/"
    region = boto3.session.Session().region_name
    with pyathena.connect(
        s3_staging_dir=place, region_name=region, schema_name=database, poll_interval=0.02
    ) as connection:
        try:
            connection.cursor().execute(sql)
        except pyathena.Error as error:
            raise RefusedError(str(error)) from error


SENDERS: dict[str, Callable[["Athena", str, str], None]] = {
    "boto3": by_boto3,
    "awswrangler": by_awswrangler,
    "PyAthena": by_pyathena,
}


def _each() -> Iterator[Any]:
    for case in CASES:
        for client in SENDERS:
            outcome = "refused" if "refused" in case else "works"
            mark = pytest.mark.shows(client, case["what"], outcome=outcome, part="statement")
            yield pytest.param(client, case, marks=mark, id=f"{case['what']}-{client}")


@pytest.mark.parametrize(("client", "case"), list(_each()))
def test_statement(athena: "Athena", databases: dict[str, str], client: str, case: dict[str, Any]) -> None:
    database = databases[client]
    place = f"s3://{athena.bucket}/tests/{database}"
    sql = case["sql"].replace("{database}", database).replace("{place}", place)
    if "refused" not in case:
        SENDERS[client](athena, sql, database)
        return
    with pytest.raises(RefusedError, match=case["refused"]):
        SENDERS[client](athena, sql, database)
