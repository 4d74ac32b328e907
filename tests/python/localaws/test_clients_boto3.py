"""boto3: every operation of Athena's model answers or is on the list of what is not there."""

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError, WaiterError
from moto.core import DEFAULT_ACCOUNT_ID

from tests.python.localaws.served import Served

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = pytest.mark.integration

CASES = yaml.safe_load((Path(__file__).parent / "cases" / "clients" / "operations.yml").read_text())
NOT_THERE: dict[str, list[str]] = CASES["not_there"]
# The smallest page that the model takes, where it is not one.
SMALLEST = {"list_tags_for_resource": 75, "list_data_catalogs": 2}
# What each paginator is given, and where its items are: of what a test makes for itself, of what all make.
OWN_ITEMS = {
    "list_table_metadata": (
        {"CatalogName": "AwsDataCatalog", "DatabaseName": "{database}"},
        "TableMetadataList",
    ),
    "list_named_queries": ({"WorkGroup": "{group}"}, "NamedQueryIds"),
    "list_query_executions": ({"WorkGroup": "{group}"}, "QueryExecutionIds"),
    "list_tags_for_resource": ({"ResourceARN": "{arn}"}, "Tags"),
    "get_query_results": ({"QueryExecutionId": "{done}"}, "ResultSet.Rows"),
}
ALL_ITEMS = {
    "list_databases": ({"CatalogName": "AwsDataCatalog"}, "DatabaseList"),
    "list_data_catalogs": ({}, "DataCatalogsSummary"),
}
MODEL = boto3.client("athena", region_name="sa-east-1").meta.service_model


def members(given: Any, names: dict[str, str]) -> Any:
    """A case's members with `{name}` filled in."""
    if isinstance(given, str):
        return given.format(**names)
    if isinstance(given, dict):
        return {key: members(value, names) for key, value in given.items()}
    return [members(value, names) for value in given] if isinstance(given, list) else given


@pytest.fixture(scope="module")
def names(athena: "Athena") -> dict[str, str]:
    """What the operations find: things made before them, each with a name of its own."""
    unique = uuid.uuid4().hex[:8]
    athena.do(
        f"create table kept (id int) location '{athena.place('kept')}/' "
        "tblproperties ('table_type'='ICEBERG')"
    )
    done = athena.do("select 1 as a")
    running = athena.start(
        "select count(*) from unnest(sequence(1, 10000)) a (x), unnest(sequence(1, 10000)) b (y), "
        "unnest(sequence(1, 10000)) c (z) where x * y + z = -1"
    )
    client = athena.client
    group = f"group_{unique}"
    client.create_work_group(Name=group)
    for number in range(3):
        sql = f"select {number}"
        athena.do(sql, WorkGroup=group)
        named = client.create_named_query(
            Name=f"named {number}", Database=athena.database, QueryString=sql, WorkGroup=group
        )
    client.create_prepared_statement(StatementName="kept", WorkGroup=group, QueryStatement="select ?")
    client.create_data_catalog(Name=f"kept_{unique}", Type="LAMBDA", Parameters={"function": "arn:none"})
    return {
        "unique": unique,
        "database": athena.database,
        "output": f"s3://{athena.bucket}/athena-results/operations/",
        "done": done.id,
        "running": running,
        "group": group,
        "named": named["NamedQueryId"],
        "catalog": f"kept_{unique}",
        "arn": f"arn:aws:athena:sa-east-1:{DEFAULT_ACCOUNT_ID}:workgroup/{group}",
        "token": uuid.uuid4().hex,
    }


def test_every_operation_is_on_one_of_the_lists() -> None:
    not_there = [name for group in NOT_THERE.values() for name in group]
    assert sorted([*CASES["there"], *not_there]) == sorted(MODEL.operation_names)


def _shown(operation: str, outcome: str) -> Any:
    mark = pytest.mark.shows("boto3", operation, outcome=outcome, part="operation")
    return pytest.param(operation, marks=mark)


@pytest.mark.parametrize("operation", [_shown(name, "works") for name in CASES["there"]])
def test_operation_answers(athena: "Athena", names: dict[str, str], operation: str) -> None:
    answer = call(athena.client, operation, members(CASES["there"][operation] or {}, names))
    required = MODEL.operation_model(operation).output_shape
    # What the model says an answer holds, where it holds anything.
    expected = set(required.members) if required is not None else set()
    assert not expected or expected & set(answer) or operation in CASES["empty"]


@pytest.mark.parametrize(
    "operation", [_shown(name, "not there") for group in NOT_THERE.values() for name in group]
)
def test_operation_that_is_not_there_says_so(athena: "Athena", operation: str) -> None:
    asked = athena.client._make_api_call
    shape = MODEL.operation_model(operation).input_shape
    given = {} if shape is None else {name: _some(shape.members[name]) for name in shape.required_members}
    with pytest.raises(ClientError) as raised:
        asked(operation, given)
    assert raised.value.response["Error"]["Code"] == "UnknownOperationException"


def call(client: Any, operation: str, given: dict[str, Any]) -> dict[str, Any]:
    """An operation by its name in the model."""
    found: dict[str, Any] = client._make_api_call(operation, given)
    return found


def _some(shape: Any) -> Any:
    """A value that passes the model's own checks."""
    if shape.type_name == "structure":
        return {name: _some(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [_some(shape.member)] * max(1, shape.metadata.get("min", 0))
    if shape.type_name in ("integer", "long"):
        return max(1, shape.metadata.get("min", 0))
    if shape.type_name == "string":
        return (getattr(shape, "enum", None) or ["x" * max(1, shape.metadata.get("min", 0))])[0]
    return {} if shape.type_name == "map" else True


def pages_to_the_end(client: Any, paginator: str, given: Any, items: str) -> None:
    """Page by page as many items come as at once, and some."""
    asked = client.get_paginator(paginator)
    one = list(asked.paginate(**given).search(f"{items}[]"))
    assert one
    smallest = {"PageSize": SMALLEST.get(paginator, 1)}
    small = asked.paginate(**given, PaginationConfig=smallest)
    assert len(list(small.search(f"{items}[]"))) == len(one)


@pytest.mark.shows("boto3", "every paginator of Athena")
@pytest.mark.parametrize("paginator", OWN_ITEMS)
def test_paginators_go_to_the_end(athena: "Athena", names: dict[str, str], paginator: str) -> None:
    if paginator == "list_tags_for_resource":
        athena.client.tag_resource(ResourceARN=names["arn"], Tags=[{"Key": "a", "Value": "b"}])
    given, items = OWN_ITEMS[paginator]
    pages_to_the_end(athena.client, paginator, members(given, names), items)


@pytest.mark.shows("boto3", "every paginator of Athena")
@pytest.mark.parametrize("paginator", ALL_ITEMS)
def test_paginators_of_what_all_make_go_to_the_end(apis: Served, paginator: str) -> None:
    """Where nobody else makes and drops some meanwhile."""
    client = apis.client("athena")
    for _ in range(3):
        unique = f"paged_{uuid.uuid4().hex[:8]}"
        apis.client("glue").create_database(DatabaseInput={"Name": unique})
        client.create_data_catalog(Name=unique, Type="LAMBDA", Parameters={"function": "arn:none"})
    given, items = ALL_ITEMS[paginator]
    pages_to_the_end(client, paginator, given, items)


@pytest.mark.shows("boto3", "waiters of S3 (Athena has none)")
def test_waiters_of_the_services_beside_it(athena: "Athena") -> None:
    """Athena has none in boto3; S3's wait for what queries leave."""
    assert athena.client.waiter_names == []
    done = athena.do("select 1 as a")
    key = done.output.removeprefix(f"s3://{athena.bucket}/")
    athena.s3.get_waiter("object_exists").wait(Bucket=athena.bucket, Key=key)
    athena.s3.get_waiter("bucket_exists").wait(Bucket=athena.bucket)
    with pytest.raises(WaiterError):
        athena.s3.get_waiter("object_exists").wait(
            Bucket=athena.bucket, Key="nosuch", WaiterConfig={"Delay": 0, "MaxAttempts": 1}
        )
