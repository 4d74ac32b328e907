"""What fails, and how Athena says so."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from botocore.exceptions import ClientError

from localaws.athena.errors import OTHER, SYSTEM, USER, QueryFailed

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
ERRORS = yaml.safe_load((Path(__file__).parent / "cases" / "errors" / "errors.yml").read_text())


@pytest.mark.integration
@pytest.mark.parametrize("case", ERRORS, ids=[case["sql"] for case in ERRORS])
def test_query_fails_in_athenas_words(athena: "Athena", case: dict[str, Any]) -> None:
    names = {"{database}": athena.database, "{bucket}": athena.bucket}
    sql, reason = case["sql"], case["reason"]
    for name, value in names.items():
        sql, reason = sql.replace(name, value), reason.replace(name, value)
    done = athena.run(sql)
    assert (done.state, done.reason) == ("FAILED", reason)
    error = done.description["Status"]["AthenaError"]
    assert error["ErrorMessage"] == reason
    assert error["ErrorCategory"] == USER
    assert error["Retryable"] is False


@pytest.mark.integration
@pytest.mark.parametrize(
    ("sql", "message"),
    [
        ("  \n ", "Query string is empty"),
        ("select 1; select 2", "Only one sql statement is allowed. Got: select 1; select 2"),
        ("selec 1", "line 1:1: mismatched input 'selec'"),
        ("grant select on t to u", "Queries of this type are not supported"),
        ("select '" + "x" * 262_144 + "'", "maximum length of 262144 bytes"),
    ],
)
def test_text_that_is_no_query_is_not_started(athena: "Athena", sql: str, message: str) -> None:
    with pytest.raises(ClientError, match="InvalidRequestException") as raised:
        athena.start(sql)
    assert message in raised.value.response["Error"]["Message"]


@pytest.mark.integration
def test_failed_query_gives_no_results(athena: "Athena") -> None:
    done = athena.run("select 1 / 0")
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="Final query state: FAILED"):
        athena.client.get_query_results(QueryExecutionId=done.id)


@pytest.mark.integration
@pytest.mark.parametrize("call", ["get_query_execution", "get_query_results", "stop_query_execution"])
def test_unknown_execution_is_refused(athena: "Athena", call: str) -> None:
    with pytest.raises(athena.client.exceptions.InvalidRequestException, match="nosuch was not found"):
        getattr(athena.client, call)(QueryExecutionId="nosuch")


@pytest.mark.integration
def test_partitions_past_a_hundred_are_refused_in_the_words_dbt_waits_for(athena: "Athena") -> None:
    rows = "select a, cast(a as varchar) as p from unnest(sequence(1, 101)) t (a)"
    iceberg = athena.run(
        "create table many with (table_type='iceberg', is_external=false, "
        f"location='{athena.place('many')}', partitioning=ARRAY['p']) as {rows}"
    )
    assert iceberg.reason.startswith("ICEBERG_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers")
    place = athena.place("more")
    hive = athena.run(
        f"create table many with (external_location='{place}', partitioned_by=ARRAY['p']) as {rows}"
    )
    assert hive.reason.startswith("HIVE_TOO_MANY_OPEN_PARTITIONS: Exceeded limit of 100 open writers")


@pytest.mark.parametrize(
    ("name", "error_type", "category", "kind", "retryable"),
    [
        ("SYNTAX_ERROR", "USER_ERROR", USER, 1006, False),
        ("GENERIC_INTERNAL_ERROR", "INTERNAL_ERROR", SYSTEM, 0, False),
        ("EXCEEDED_LOCAL_MEMORY_LIMIT", "INSUFFICIENT_RESOURCES", SYSTEM, 0, False),
        ("HIVE_METASTORE_ERROR", "EXTERNAL", OTHER, 1000, False),
        ("ICEBERG_COMMIT_ERROR", "EXTERNAL", OTHER, 233, True),
    ],
)
def test_errors_have_a_category(
    name: str, error_type: str, category: int, kind: int, retryable: bool
) -> None:
    failure = QueryFailed(name, "why", error_type).failure
    assert failure.as_athena_error() == {
        "ErrorCategory": category,
        "ErrorType": kind,
        "Retryable": retryable,
        "ErrorMessage": f"{name}: why",
    }


@pytest.mark.integration
def test_refusals_carry_athenas_finer_code(athena: "Athena") -> None:
    """Numbers and names as Athena gives them, by which drivers tell one refusal from another."""
    failed = athena.run("select * from nosuch")
    assert failed.description["Status"]["AthenaError"]["ErrorType"] == 1301
    token = "t" * 32
    athena.start("select 1", ClientRequestToken=token)
    asked: list[tuple[str, Any]] = [
        ("MALFORMED_QUERY", lambda: athena.start("selec 1")),
        ("QUERY_EXECUTION_NOT_FOUND", lambda: athena.client.get_query_execution(QueryExecutionId="nosuch")),
        (
            "INVALID_QUERY_EXECUTION_STATE",
            lambda: athena.client.get_query_results(QueryExecutionId=failed.id),
        ),
        ("IDEMPOTENT_PARAMETER_MISMATCH", lambda: athena.start("select 2", ClientRequestToken=token)),
    ]
    for code, ask in asked:
        with pytest.raises(ClientError) as raised:
            ask()
        answer: Any = raised.value.response
        assert answer["AthenaErrorCode"] == code


@pytest.mark.integration
def test_a_cancelled_query_has_no_results_to_find(athena: "Athena") -> None:
    query = athena.start(
        "select count(*) from unnest(sequence(1, 10000)) a (x), unnest(sequence(1, 10000)) b (y), "
        "unnest(sequence(1, 10000)) c (z) where x * y + z = -1"
    )
    athena.client.stop_query_execution(QueryExecutionId=query)
    assert athena.wait(query).reason == "Query cancelled by user"
    with pytest.raises(ClientError, match="Could not find results"):
        athena.client.get_query_results(QueryExecutionId=query)


@pytest.mark.integration
@pytest.mark.parametrize("token", ["not ours", "bm90IGEgbnVtYmVy"])
def test_a_page_that_is_none_is_refused(athena: "Athena", token: str) -> None:
    done = athena.do("select 1 as a")
    with pytest.raises(ClientError, match="Invalid NextToken"):
        athena.client.get_query_results(QueryExecutionId=done.id, NextToken=token)


@pytest.mark.integration
def test_a_page_has_at_most_a_thousand_rows(athena: "Athena") -> None:
    done = athena.do("select 1 as a")
    with pytest.raises(ClientError, match="MaxResults must be between 1 and 1000"):
        athena.client.get_query_results(QueryExecutionId=done.id, MaxResults=1001)
    assert len(athena.client.get_query_results(QueryExecutionId=done.id)["ResultSet"]["Rows"]) == 2
