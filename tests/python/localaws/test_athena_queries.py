"""The life of a query: started, asked about, stopped, its results in pages."""

import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = pytest.mark.integration

# Runs for minutes when it is let.
ENDLESS = """
    select count(*)
    from unnest(sequence(1, 10000)) a (x), unnest(sequence(1, 10000)) b (y), unnest(sequence(1, 10000)) c (z)
    where x * y + z = -1
"""


def configure(athena: "Athena", workgroup: str, **updates: Any) -> None:
    athena.client.update_work_group(WorkGroup=workgroup, ConfigurationUpdates=updates)


def test_a_finished_query_tells_what_it_was(athena: "Athena") -> None:
    sql = "-- a comment\nselect 1 as a"
    found = athena.do(sql).description
    assert found["Query"] == sql
    assert (found["StatementType"], found["SubstatementType"]) == ("DML", "SELECT")
    assert found["QueryExecutionContext"] == {"Catalog": "awsdatacatalog", "Database": athena.database}
    assert found["WorkGroup"] == "primary"
    assert found["EngineVersion"]["EffectiveEngineVersion"] == "Athena engine version 3"
    assert found["Statistics"]["EngineExecutionTimeInMillis"] > 0
    assert (
        found["Statistics"]["TotalExecutionTimeInMillis"]
        >= found["Statistics"]["EngineExecutionTimeInMillis"]
    )
    assert found["Statistics"]["DataScannedInBytes"] == 0
    assert found["Status"]["SubmissionDateTime"] <= found["Status"]["CompletionDateTime"]
    assert found["ResultReuseConfiguration"] == {"ResultReuseByAgeConfiguration": {"Enabled": False}}


def test_the_same_token_is_the_same_query(athena: "Athena") -> None:
    token = uuid.uuid4().hex
    first = athena.start("select 1", ClientRequestToken=token)
    assert athena.start("select 1", ClientRequestToken=token) == first
    for other in ({"sql": "select 2"}, {"QueryExecutionContext": {"Database": "another"}}):
        with pytest.raises(ClientError, match="Idempotent parameters do not match"):
            athena.start(**{"sql": "select 1", "ClientRequestToken": token} | other)
    with ThreadPoolExecutor(8) as pool:
        token = uuid.uuid4().hex
        started = list(pool.map(lambda _: athena.start("select 3", ClientRequestToken=token), range(8)))
    assert len(set(started)) == 1


def test_a_stopped_query_stops_in_trino_within_a_second(athena: "Athena") -> None:
    query = athena.start(ENDLESS)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        found = athena.client.get_query_execution(QueryExecutionId=query)["QueryExecution"]
        if found["Status"]["State"] == "RUNNING" and found["Statistics"]["EngineExecutionTimeInMillis"] > 500:
            break
        time.sleep(0.05)
    else:
        pytest.fail("the query never ran")
    stopped_at = time.monotonic()
    athena.client.stop_query_execution(QueryExecutionId=query)
    done = athena.wait(query)
    assert time.monotonic() - stopped_at < 1
    assert (done.state, done.reason) == ("CANCELLED", "Query cancelled by user")
    # What is cancelled leaves the engine free for others.
    running = (
        "select count(*) from system.runtime.queries where state = 'RUNNING' and query like '%x * y + z%'"
    )
    assert athena.rows(running + " and query not like '%runtime%'") == [["0"]]
    with pytest.raises(ClientError, match="Could not find results"):
        athena.client.get_query_results(QueryExecutionId=query)


def test_stopping_a_finished_query_changes_nothing(athena: "Athena") -> None:
    done = athena.do("select 1")
    athena.client.stop_query_execution(QueryExecutionId=done.id)
    assert athena.wait(done.id).state == "SUCCEEDED"


def test_results_come_in_pages_the_header_on_the_first(athena: "Athena") -> None:
    sql = "select n, if(n % 3 = 0, null, 'line' || chr(10) || '\"' || cast(n as varchar) || '\"') as text"
    done = athena.do(f"{sql} from unnest(sequence(1, 2500)) t (n) order by n")
    seen: list[Any] = []
    sizes = []
    for page in athena.client.get_paginator("get_query_results").paginate(QueryExecutionId=done.id):
        sizes.append(len(page["ResultSet"]["Rows"]))
        assert [column["Name"] for column in page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]] == [
            "n",
            "text",
        ]
        seen += [[datum.get("VarCharValue") for datum in row["Data"]] for row in page["ResultSet"]["Rows"]]
    assert sizes == [1000, 1000, 501]
    assert seen[0] == ["n", "text"]
    assert seen[1:] == [[str(n), None if n % 3 == 0 else f'line\n"{n}"'] for n in range(1, 2501)]


def test_pages_are_as_large_as_asked(athena: "Athena") -> None:
    done = athena.do("select n from unnest(sequence(1, 1205)) t (n) order by n")
    pages = athena.client.get_paginator("get_query_results").paginate(
        QueryExecutionId=done.id, PaginationConfig={"PageSize": 7}
    )
    values = [row["Data"][0]["VarCharValue"] for page in pages for row in page["ResultSet"]["Rows"]]
    assert values == ["n", *map(str, range(1, 1206))]
    with pytest.raises(ClientError, match="MaxResults"):
        athena.client.get_query_results(QueryExecutionId=done.id, MaxResults=1001)


def test_results_that_were_deleted_are_gone(athena: "Athena") -> None:
    done = athena.do("select n from unnest(sequence(1, 3000)) t (n)")
    bucket, _, key = done.output.removeprefix("s3://").partition("/")
    athena.s3.delete_object(Bucket=bucket, Key=key)
    first = athena.client.get_query_results(QueryExecutionId=done.id)
    with pytest.raises(ClientError, match="Could not find results"):
        athena.client.get_query_results(QueryExecutionId=done.id, NextToken=first["NextToken"])


def test_text_results_have_no_header(athena: "Athena") -> None:
    done = athena.do("show databases")
    found = athena.client.get_query_results(QueryExecutionId=done.id)["ResultSet"]
    assert done.output.endswith(f"{done.id}.txt")
    assert athena.database in [row["Data"][0]["VarCharValue"] for row in found["Rows"]]
    assert [column["Name"] for column in found["ResultSetMetadata"]["ColumnInfo"]] == ["database_name"]
    assert athena.database in athena.read(done.output).decode().splitlines()


def test_explain_is_text(athena: "Athena") -> None:
    done = athena.do("explain select 1 as a")
    assert (done.description["StatementType"], done.description["SubstatementType"]) == ("DML", "EXPLAIN")
    assert done.output.endswith(".txt")
    assert "Values" in athena.read(done.output).decode()


def test_parameters_are_filled_in(athena: "Athena") -> None:
    assert athena.rows("select ? + 1, ?", ExecutionParameters=["41", "'it''s'"]) == [["42", "it's"]]
    with pytest.raises(ClientError, match="Incorrect number of parameters: expected 2 but found 1"):
        athena.start("select ?, ?", ExecutionParameters=["1"])


def test_prepared_statements_are_executed(athena: "Athena") -> None:
    athena.do("prepare add_up from select ? + ?")
    assert athena.rows("execute add_up using 1, 2") == [["3"]]
    assert athena.rows("execute add_up", ExecutionParameters=["3", "4"]) == [["7"]]
    kept = athena.client.get_prepared_statement(StatementName="add_up", WorkGroup="primary")
    assert kept["PreparedStatement"]["QueryStatement"] == "select ? + ?"
    athena.do("deallocate prepare add_up")
    with pytest.raises(ClientError, match="PreparedStatement add_up was not found"):
        athena.start("execute add_up using 1, 2")


def test_batches_and_lists_of_executions(athena: "Athena", workgroup: str) -> None:
    ids = [athena.do(f"select {number}", WorkGroup=workgroup).id for number in range(3)]
    found = athena.client.batch_get_query_execution(QueryExecutionIds=[*ids, "nosuch"])
    assert [query["QueryExecutionId"] for query in found["QueryExecutions"]] == ids
    assert [missing["QueryExecutionId"] for missing in found["UnprocessedQueryExecutionIds"]] == ["nosuch"]
    listed = athena.client.get_paginator("list_query_executions")
    pages = listed.paginate(WorkGroup=workgroup, PaginationConfig={"PageSize": 2})
    assert [query for page in pages for query in page["QueryExecutionIds"]] == ids[::-1]


def test_runtime_statistics_tell_rows_and_bytes(athena: "Athena") -> None:
    done = athena.do("select n from unnest(sequence(1, 10)) t (n)")
    found = athena.client.get_query_runtime_statistics(QueryExecutionId=done.id)["QueryRuntimeStatistics"]
    assert found["Rows"]["OutputRows"] == 10
    assert found["Rows"]["OutputBytes"] == len(athena.read(done.output))
    assert found["Timeline"]["TotalExecutionTimeInMillis"] == done.statistics["TotalExecutionTimeInMillis"]


def test_results_go_where_the_request_or_the_workgroup_says(athena: "Athena", workgroup: str) -> None:
    here, there = (f"s3://{athena.bucket}/athena-results/{place}/" for place in ("here", "there"))
    context = {"WorkGroup": workgroup, "ResultConfiguration": {}}
    with pytest.raises(ClientError, match="No output location provided"):
        athena.start("select 1", **context)
    configure(athena, workgroup, ResultConfigurationUpdates={"OutputLocation": there})
    assert athena.do("select 1", **context).output.startswith(there)
    asked = {"WorkGroup": workgroup, "ResultConfiguration": {"OutputLocation": here}}
    assert athena.do("select 1", **asked).output.startswith(here)
    configure(athena, workgroup, EnforceWorkGroupConfiguration=True)
    assert athena.do("select 1", **asked).output.startswith(there)


@pytest.mark.parametrize(
    ("location", "message"),
    [
        ("s3://no-such-bucket-anywhere/x", "Unable to verify/create output bucket no-such-bucket-anywhere"),
        ("file:///tmp/x", "outputLocation is not a valid S3 path."),
    ],
)
def test_a_place_that_is_none_is_refused(athena: "Athena", location: str, message: str) -> None:
    with pytest.raises(ClientError, match=message):
        athena.start("select 1", ResultConfiguration={"OutputLocation": location})


def test_a_bucket_that_is_deleted_takes_no_results_any_more(athena: "Athena") -> None:
    bucket = f"results-{uuid.uuid4().hex}"
    region = {"LocationConstraint": athena.client.meta.region_name}
    athena.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=region)
    there = {"OutputLocation": f"s3://{bucket}/r/"}
    done = athena.do("select 1", ResultConfiguration=there)
    for name in (done.output, f"{done.output}.metadata"):
        athena.s3.delete_object(Bucket=bucket, Key=name.removeprefix(f"s3://{bucket}/"))
    athena.s3.delete_bucket(Bucket=bucket)
    with pytest.raises(ClientError, match=f"Unable to verify/create output bucket {bucket}"):
        athena.start("select 1", ResultConfiguration=there)


@pytest.mark.parametrize("sql", ["select 1", "show databases"])
def test_a_place_that_may_not_be_written_to_fails_the_query(athena: "Athena", sql: str) -> None:
    bucket = f"closed-{uuid.uuid4().hex}"
    region = {"LocationConstraint": athena.client.meta.region_name}
    athena.s3.create_bucket(Bucket=bucket, CreateBucketConfiguration=region)
    refused = {"Effect": "Deny", "Principal": "*", "Action": "s3:PutObject"}
    statement = {**refused, "Resource": f"arn:aws:s3:::{bucket}/*"}
    policy = {"Version": "2012-10-17", "Statement": [statement]}
    athena.s3.put_bucket_policy(Bucket=bucket, Policy=json.dumps(policy))
    done = athena.run(sql, ResultConfiguration={"OutputLocation": f"s3://{bucket}/r"})
    said = f"Access denied when writing output to url: {done.output} . Please ensure you are allowed"
    assert (done.state, done.reason[: len(said)]) == ("FAILED", said)
    athena.s3.delete_bucket(Bucket=bucket)


def test_a_catalog_that_is_none_fails_the_query(athena: "Athena") -> None:
    registered = f"lambda_{uuid.uuid4().hex[:8]}"
    athena.client.create_data_catalog(Name=registered, Type="LAMBDA", Parameters={"function": "arn:none"})
    for catalog in ("nosuch", registered):
        done = athena.run("select 1", QueryExecutionContext={"Catalog": catalog})
        assert (done.state, done.reason) == ("FAILED", f"CATALOG_NOT_FOUND: Catalog '{catalog}' not found")
    athena.client.delete_data_catalog(Name=registered)
    with pytest.raises(ClientError, match="DataCatalog nosuch was not found"):
        athena.client.get_data_catalog(Name="nosuch")


def test_a_page_of_another_query_is_refused(athena: "Athena") -> None:
    one, other = (athena.do(f"select n from unnest(sequence(1, 1{n}00)) t (n)").id for n in (1, 2))
    token = athena.client.get_query_results(QueryExecutionId=one)["NextToken"]
    assert athena.client.get_query_results(QueryExecutionId=one, NextToken=token)["ResultSet"]["Rows"]
    with pytest.raises(ClientError, match="Invalid NextToken"):
        athena.client.get_query_results(QueryExecutionId=other, NextToken=token)


def test_a_query_past_its_workgroups_bytes_is_cancelled(athena: "Athena", workgroup: str) -> None:
    athena.do(
        f"create table scanned with (external_location='{athena.place('scanned')}', format='TEXTFILE', "
        "write_compression='NONE') as "
        "select rpad('x', 1000, 'y') as text from unnest(sequence(1, 100)), unnest(sequence(1, 150))"
    )
    everything = "select count(*) from scanned where text like '%z'"
    assert athena.do(everything, WorkGroup=workgroup).statistics["DataScannedInBytes"] > 10_000_000
    configure(athena, workgroup, BytesScannedCutoffPerQuery=10_000_000)
    assert athena.do("select 1", WorkGroup=workgroup).state == "SUCCEEDED"
    done = athena.run(everything, WorkGroup=workgroup)
    # Athena's own words, as those tell who ran into it; "Query exhausted resources …" is of want of memory.
    assert (done.state, done.reason) == ("CANCELLED", "Bytes scanned limit was exceeded")


def test_a_disabled_workgroup_starts_nothing(athena: "Athena", workgroup: str) -> None:
    athena.client.update_work_group(WorkGroup=workgroup, State="DISABLED")
    with pytest.raises(ClientError, match=f"WorkGroup {workgroup} is disabled"):
        athena.start("select 1", WorkGroup=workgroup)
    with pytest.raises(ClientError, match="WorkGroup nosuch is not found"):
        athena.start("select 1", WorkGroup="nosuch")


def test_queries_run_side_by_side_and_none_is_lost(athena: "Athena") -> None:
    with ThreadPoolExecutor(16) as pool:
        results = list(pool.map(lambda number: athena.rows(f"select {number}, 'x'"), range(48)))
    assert results == [[[str(number), "x"]] for number in range(48)]


def test_names_without_a_database_belong_to_the_context(athena: "Athena") -> None:
    athena.do(f"create table here with (external_location='{athena.place('here')}') as select 1 as a")
    for database in (athena.database, f"`{athena.database}`", athena.database.upper()):
        context = {"Database": database}
        assert athena.rows("select a from here", QueryExecutionContext=context) == [["1"]]
    assert athena.rows(f'select a from "AwsDataCatalog"."{athena.database}"."HERE"') == [["1"]]
