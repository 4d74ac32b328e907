"""awswrangler, unchanged, on the local AWS: what the project and its users call."""

import datetime as dt
import uuid
from typing import TYPE_CHECKING, Any

import awswrangler as wr
import pandas as pd  # type: ignore[import-untyped]
import pytest

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore")]

FRAME = pd.DataFrame(
    {
        "id": [1, 2, 3],
        "text": ["x", None, 'q"z\n, é'],
        "day": [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None],
        "at": pd.to_datetime(["2024-01-01 01:02:03.123", None, "2024-01-03 00:00:00.000"]),
        "ratio": [1.5, None, -0.25],
        "part": ["u", "v", "v"],
    }
)


@pytest.fixture(scope="module")
def output(athena: "Athena") -> str:
    return f"s3://{athena.bucket}/athena-results/wrangler/"


@pytest.fixture(scope="module")
def table(athena: "Athena") -> str:
    """FRAME as a Parquet table with a partition."""
    wr.s3.to_parquet(
        FRAME,
        athena.place("frame"),
        dataset=True,
        database=athena.database,
        table="frame",
        partition_cols=["part"],
        mode="overwrite",
    )
    return "frame"


def texts(frame: pd.DataFrame, column: str) -> list[Any]:
    return [None if value is pd.NA or pd.isna(value) else value for value in frame[column].tolist()]


@pytest.mark.shows("awswrangler", "read_sql_query by CTAS, plain, by UNLOAD")
@pytest.mark.parametrize("way", ["ctas", "plain", "unload"])
def test_read_sql_query(athena: "Athena", table: str, output: str, way: str) -> None:
    frame = wr.athena.read_sql_query(
        f"select * from {table}",
        database=athena.database,
        s3_output=f"{output}{way}/{uuid.uuid4().hex}/",
        ctas_approach=way == "ctas",
        unload_approach=way == "unload",
    ).sort_values("id", ignore_index=True)
    assert frame["id"].tolist() == [1, 2, 3]
    assert texts(frame, "text") == ["x", None, 'q"z\n, é']
    assert texts(frame, "day") == [dt.date(2024, 1, 1), dt.date(2024, 1, 2), None]
    assert texts(frame, "at") == [pd.Timestamp("2024-01-01 01:02:03.123"), None, pd.Timestamp("2024-01-03")]
    assert texts(frame, "ratio") == [1.5, None, -0.25]
    assert frame["part"].tolist() == ["u", "v", "v"]


@pytest.mark.shows("awswrangler", "read_sql_query leaves no table")
def test_reading_leaves_no_table_behind(athena: "Athena", table: str, output: str) -> None:
    wr.athena.read_sql_query(f"select * from {table}", database=athena.database, s3_output=output)
    names = wr.catalog.tables(database=athena.database)["Table"].tolist()
    assert [name for name in names if name.startswith(("temp_table", "unload_"))] == []


@pytest.mark.shows("awswrangler", "read_sql_query in chunks")
def test_read_in_chunks(athena: "Athena", table: str, output: str) -> None:
    chunks = wr.athena.read_sql_query(
        f"select * from {table}", athena.database, s3_output=output, ctas_approach=False, chunksize=2
    )
    assert sorted(len(chunk) for chunk in chunks) == [1, 2]


@pytest.mark.shows("awswrangler", "read_sql_query with params, qmark and named")
@pytest.mark.parametrize(
    ("condition", "parameters"),
    [("id = ? and text is null", ["2"]), ("id = :id and text is null", {"id": 2})],
)
def test_parameters(athena: "Athena", table: str, output: str, condition: str, parameters: Any) -> None:
    frame = wr.athena.read_sql_query(
        f"select id from {table} where {condition}",
        database=athena.database,
        s3_output=output,
        ctas_approach=False,
        params=parameters,
        paramstyle="named" if isinstance(parameters, dict) else "qmark",
    )
    assert frame["id"].tolist() == [2]


@pytest.mark.shows(
    "awswrangler", "to_iceberg: append, merge, schema evolution, overwrite", "delete_from_iceberg_table"
)
def test_to_iceberg_writes_again_merges_evolves_and_overwrites(athena: "Athena", output: str) -> None:
    def write(frame: pd.DataFrame, **options: Any) -> None:
        wr.athena.to_iceberg(
            frame,
            database=athena.database,
            table="ice",
            table_location=athena.place("ice"),
            temp_path=f"{athena.place('tmp')}/{uuid.uuid4().hex}/",
            s3_output=output,
            **options,
        )

    def read(columns: str) -> list[list[str | None]]:
        return athena.rows(f"select {columns} from ice order by id, 2")

    part = FRAME[["id", "text", "at"]]
    write(part.head(2))
    write(part.tail(1))
    assert read("id, text") == [["1", "x"], ["2", None], ["3", 'q"z\n, é']]
    write(part.head(2).assign(text="merged"), merge_cols=["id"])
    assert read("id, text") == [["1", "merged"], ["2", "merged"], ["3", 'q"z\n, é']]
    write(part.tail(1).assign(id=4, extra=2.5), schema_evolution=True)
    assert read("id, extra") == [["1", None], ["2", None], ["3", None], ["4", "2.5"]]
    wr.athena.delete_from_iceberg_table(
        pd.DataFrame({"id": [4]}),
        database=athena.database,
        table="ice",
        merge_cols=["id"],
        temp_path=f"{athena.place('tmp')}/{uuid.uuid4().hex}/",
        s3_output=output,
    )
    assert read("id, text") == [["1", "merged"], ["2", "merged"], ["3", 'q"z\n, é']]
    write(part.head(1).assign(extra=0.5), mode="overwrite")
    assert read("id, extra") == [["1", "0.5"]]


def test_to_iceberg_makes_a_table(athena: "Athena", output: str) -> None:
    wr.athena.to_iceberg(
        FRAME[["id", "text"]],
        database=athena.database,
        table="ice_once",
        table_location=athena.place("ice_once"),
        temp_path=f"{athena.place('tmp')}/{uuid.uuid4().hex}/",
        s3_output=output,
    )
    assert athena.rows("select id, text from ice_once order by id") == [
        ["1", "x"],
        ["2", None],
        ["3", 'q"z\n, é'],
    ]


@pytest.mark.shows(
    "awswrangler",
    "start_query_execution with a client token, wait_query",
    "get_query_columns_types, get_query_results",
    "list_query_executions",
)
def test_start_wait_and_read_a_query(athena: "Athena", output: str) -> None:
    query = wr.athena.start_query_execution(
        "select 1 as a", athena.database, s3_output=output, client_request_token=uuid.uuid4().hex * 2
    )
    assert wr.athena.wait_query(query)["Status"]["State"] == "SUCCEEDED"
    assert wr.athena.get_query_columns_types(query) == {"a": "integer"}
    assert wr.athena.get_query_results(query)["a"].tolist() == [1]
    assert query in wr.athena.list_query_executions()


@pytest.mark.shows("awswrangler", "QueryFailed with Athena's reason")
def test_failed_query_raises_its_reason(athena: "Athena", table: str, output: str) -> None:
    with pytest.raises(
        wr.exceptions.QueryFailed, match=r"COLUMN_NOT_FOUND: line .* Column 'nosuch' cannot be resolved"
    ):
        wr.athena.read_sql_query(f"select nosuch from {table}", athena.database, s3_output=output)


@pytest.mark.shows("awswrangler", "stop_query_execution")
def test_stopped_query_raises(athena: "Athena", output: str) -> None:
    query = wr.athena.start_query_execution(
        "select count(*) from unnest(sequence(1, 10000)) a (x), unnest(sequence(1, 10000)) b (y), "
        "unnest(sequence(1, 10000)) c (z) where x * y + z = -1",
        athena.database,
        s3_output=output,
    )
    wr.athena.stop_query_execution(query)
    with pytest.raises(wr.exceptions.QueryCancelled):
        wr.athena.wait_query(query)


@pytest.mark.shows("awswrangler", "describe_table, show_create_table", "generate_create_query")
def test_tables_are_described(athena: "Athena", table: str, output: str) -> None:
    described = wr.athena.describe_table(table, athena.database, s3_output=output)
    assert described["Column Name"].tolist() == ["id", "text", "day", "at", "ratio", "part"]
    assert described["Type"].tolist() == ["bigint", "string", "date", "timestamp", "double", "string"]
    assert described["Partition"].tolist() == [False] * 5 + [True]
    created = wr.athena.show_create_table(table, athena.database, s3_output=output)
    assert created.startswith(f"CREATE EXTERNAL TABLE `{athena.database}.{table}`(")
    generated = wr.athena.generate_create_query(table, athena.database)
    assert "PARTITIONED BY" in generated


@pytest.mark.shows("awswrangler", "repair_table")
def test_repair_finds_partitions(athena: "Athena", output: str) -> None:
    place = athena.place("repaired")
    athena.do(
        "create external table repaired (id bigint) partitioned by (p string) stored as parquet "
        f"location '{place}/'"
    )
    wr.s3.to_parquet(pd.DataFrame({"id": [7]}), f"{place}/p=a/one.parquet")
    assert athena.rows("select * from repaired") == []
    assert wr.athena.repair_table("repaired", athena.database, s3_output=output) == "SUCCEEDED"
    assert athena.rows("select * from repaired") == [["7", "a"]]


@pytest.mark.shows("awswrangler", "create_ctas_table", "unload")
def test_create_ctas_table_and_unload(athena: "Athena", table: str) -> None:
    wr.athena.create_ctas_table(
        f"select id, text, part from {table}",
        database=athena.database,
        ctas_table="copied",
        s3_output=f"{athena.place('copied')}/",
        partitioning_info=["part"],
        write_compression="snappy",
        wait=True,
    )
    assert athena.rows("select count(*), count(distinct part) from copied") == [["3", "2"]]
    target = f"{athena.place('unloaded')}/"
    done = wr.athena.unload(f"select id from {table}", path=target, database=athena.database)
    assert done.raw_payload["Status"]["State"] == "SUCCEEDED"
    written = athena.read(done.manifest_location).decode().splitlines()
    assert written
    assert all(uri.startswith(target) for uri in written)
    assert sorted(wr.s3.read_parquet(written)["id"].tolist()) == [1, 2, 3]


@pytest.mark.shows("awswrangler", "to_parquet with partition projection")
def test_partition_projection(athena: "Athena") -> None:
    wr.s3.to_parquet(
        pd.DataFrame({"id": [1, 2, 3], "p": [1, 2, 3]}),
        athena.place("projected"),
        dataset=True,
        database=athena.database,
        table="projected",
        partition_cols=["p"],
        athena_partition_projection_settings={
            "projection_types": {"p": "integer"},
            "projection_ranges": {"p": "1,2"},
        },
    )
    assert athena.rows("select id, p from projected order by id") == [["1", "1"], ["2", "2"]]


@pytest.mark.shows("awswrangler", "to_csv")
def test_csv_tables(athena: "Athena") -> None:
    wr.s3.to_csv(
        FRAME[["id", "part"]],
        athena.place("csv"),
        dataset=True,
        database=athena.database,
        table="csv",
        index=False,
        mode="overwrite",
    )
    assert athena.rows("select id, part from csv order by id") == [["1", "u"], ["2", "v"], ["3", "v"]]


@pytest.mark.shows("awswrangler", "cache settings")
def test_results_are_cached_by_the_client(athena: "Athena", workgroup: str, output: str) -> None:
    """The client looks among the last queries of a workgroup."""
    for _ in range(2):
        wr.athena.read_sql_query(
            "select 'cached' as a",
            athena.database,
            s3_output=output,
            workgroup=workgroup,
            ctas_approach=False,
            athena_cache_settings={"max_cache_seconds": 900},
        )
    assert len(wr.athena.list_query_executions(workgroup)) == 1


@pytest.mark.shows("awswrangler", "to_parquet with partitions", "prepared statements", "named queries")
def test_prepared_and_named_queries(athena: "Athena", table: str, output: str) -> None:
    name = f"p_{uuid.uuid4().hex[:8]}"
    wr.athena.create_prepared_statement(f"select id from {table} where id > ? order by id", name)
    assert name in {found["StatementName"] for found in wr.athena.list_prepared_statements()}
    frame = wr.athena.read_sql_query(
        f'execute "{name}"',
        athena.database,
        s3_output=output,
        ctas_approach=False,
        params=["1"],
        paramstyle="qmark",
    )
    assert frame["id"].tolist() == [2, 3]
    wr.athena.delete_prepared_statement(name)
    assert name not in {found["StatementName"] for found in wr.athena.list_prepared_statements()}
    sql = f"select count(*) as n from {table}"
    named = athena.client.create_named_query(Name=name, Database=athena.database, QueryString=sql)
    assert wr.athena.get_named_query_statement(named["NamedQueryId"]) == sql
