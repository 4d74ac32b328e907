"""PyAthena, unchanged, on the local AWS: its cursors, its parameters, and SQLAlchemy over it."""

import asyncio
import datetime as dt
import functools
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pyarrow.fs
import pyathena
import pytest
import sqlalchemy as sa
from pyathena.arrow.cursor import ArrowCursor
from pyathena.async_cursor import AsyncCursor
from pyathena.cursor import DictCursor
from pyathena.pandas.cursor import PandasCursor
from pyathena.pandas.util import as_pandas
from pyathena.s3fs.cursor import S3FSCursor

import localaws

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore")]

# What data frames hold as themselves.
PLAIN = (
    "select 1 as id, cast('1.50' as decimal(9, 2)) as amount, 'a, \"b\"' as text, date '2024-02-29' as day"
)
PLAIN += ", timestamp '2024-01-02 03:04:05.678' as at, true as flag"
PLAIN += " union all select 2, null, null, null, null, null"


@pytest.fixture(scope="module")
def connection(athena: "Athena", local_aws: localaws.LocalAws) -> Iterator[Any]:
    with pyathena.connect(
        s3_staging_dir=f"s3://{local_aws.bucket}/athena-results/pyathena/",
        region_name=local_aws.environment()["AWS_DEFAULT_REGION"],
        schema_name=athena.database,
        poll_interval=0.02,
    ) as found:
        yield found


@pytest.fixture(scope="module")
def table(athena: "Athena") -> str:
    athena.do(
        f"create table t with (table_type='iceberg', is_external=false, location='{athena.place('t')}') as "
        "select * from (values (1, 'one', cast(1.5 as decimal(9, 2)), array['a']), (2, null, null, null)) "
        "as v (id, name, amount, tags)"
    )
    return "t"


def test_the_plain_cursor_describes_what_it_gives(connection: Any) -> None:
    cursor = connection.cursor()
    assert cursor.execute("select 1 as a, 'x' as b").fetchone() == (1, "x")
    assert [column[:2] for column in cursor.description] == [("a", "integer"), ("b", "varchar")]
    assert cursor.state == "SUCCEEDED"
    assert cursor.output_location.endswith(f"{cursor.query_id}.csv")
    assert cursor.fetchone() is None


@pytest.mark.shows("PyAthena", "the plain cursor: pages")
def test_the_plain_cursor_goes_through_pages(connection: Any) -> None:
    cursor = connection.cursor(arraysize=100)
    rows = cursor.execute("select n from unnest(sequence(1, 1050)) as s (n)").fetchall()
    assert sorted(rows) == [(n,) for n in range(1, 1051)]


@pytest.mark.shows("PyAthena", "the dict cursor")
def test_the_dict_cursor_names_its_values(connection: Any) -> None:
    cursor = connection.cursor(DictCursor)
    assert cursor.execute("select 1 as a, cast(null as varchar) as b").fetchall() == [{"a": 1, "b": None}]


@pytest.mark.shows("PyAthena", "the pandas cursor, by CSV and by UNLOAD")
@pytest.mark.parametrize("unload", [False, True], ids=["csv", "unload"])
def test_the_pandas_cursor_gives_a_frame(connection: Any, unload: bool) -> None:
    frame = connection.cursor(PandasCursor, unload=unload).execute(PLAIN).as_pandas().sort_values("id")
    one, two = frame.to_dict("records")
    assert (one["id"], one["amount"], one["text"]) == (1, Decimal("1.50"), 'a, "b"')
    assert str(one["day"])[:10] == "2024-02-29"
    assert one["at"] == dt.datetime(2024, 1, 2, 3, 4, 5, 678000)
    assert two["id"] == 2
    assert frame.isna().sum().tolist() == [0, 1, 1, 1, 1, 1]


def test_pandas_out_of_the_plain_cursor(connection: Any) -> None:
    frame = as_pandas(connection.cursor().execute(f"select * from ({PLAIN}) order by id"))
    assert frame["text"].tolist()[0] == 'a, "b"'


@pytest.mark.shows("PyAthena", "the Arrow cursor, by CSV and by UNLOAD")
@pytest.mark.parametrize("unload", [False, True], ids=["csv", "unload"])
def test_the_arrow_cursor_gives_a_table(
    connection: Any, unload: bool, local_aws: localaws.LocalAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    # PyAthena names no endpoint to pyarrow, and pyarrow asks the environment for none.
    there = functools.partial(pyarrow.fs.S3FileSystem, endpoint_override=local_aws.endpoint_url)
    monkeypatch.setattr(pyarrow.fs, "S3FileSystem", there)
    table = connection.cursor(ArrowCursor, unload=unload).execute(PLAIN).as_arrow().sort_by("id")
    one, two = table.to_pylist()
    assert (one["id"], one["text"], one["flag"]) == (1, 'a, "b"', True)
    assert Decimal(str(one["amount"])) == Decimal("1.50")
    assert one["at"] == dt.datetime(2024, 1, 2, 3, 4, 5, 678000)
    assert two["text"] in (None, "")
    assert two["flag"] is None


@pytest.mark.shows("PyAthena", "the S3 cursor")
def test_the_s3_cursor_reads_the_file(connection: Any) -> None:
    rows = connection.cursor(S3FSCursor).execute("select 1 as a, 'x, y' as b, null as c").fetchall()
    assert rows == [(1, "x, y", None)]


@pytest.mark.shows("PyAthena", "the async cursor")
def test_the_async_cursor_waits_elsewhere(connection: Any) -> None:
    with connection.cursor(AsyncCursor) as cursor:
        started = [cursor.execute(f"select {n} as n") for n in range(3)]
        rows = [future.result().fetchall() for _, future in started]
    assert rows == [[(0,)], [(1,)], [(2,)]]


@pytest.mark.shows("PyAthena", "asyncio")
def test_asyncio(athena: "Athena", local_aws: localaws.LocalAws) -> None:
    async def both() -> list[Any]:
        settings = {
            "s3_staging_dir": f"s3://{local_aws.bucket}/athena-results/pyathena/",
            "region_name": local_aws.environment()["AWS_DEFAULT_REGION"],
            "schema_name": athena.database,
        }
        async with await pyathena.aio_connect(poll_interval=0.02, **settings) as connection:
            cursors = [connection.cursor() for _ in range(2)]
            await asyncio.gather(*(cursor.execute(f"select {n}") for n, cursor in enumerate(cursors)))
            return [await cursor.fetchone() for cursor in cursors]

    assert asyncio.run(both()) == [(0,), (1,)]


@pytest.mark.shows("PyAthena", "parameters, pyformat and qmark")
@pytest.mark.parametrize(
    ("style", "condition", "parameters"),
    [
        ("pyformat", "name = %(name)s and id in %(ids)s", {"name": "one", "ids": [1, 2]}),
        ("qmark", "name = ? and id = ?", ["'one'", "1"]),
    ],
)
def test_parameters(connection: Any, table: str, style: str, condition: str, parameters: Any) -> None:
    cursor = connection.cursor()
    sql = f"select id from {table} where {condition}"
    assert cursor.execute(sql, parameters, paramstyle=style).fetchall() == [(1,)]


@pytest.mark.shows("PyAthena", "executemany, rowcount")
def test_writes_count_their_rows(connection: Any, athena: "Athena") -> None:
    cursor = connection.cursor()
    place = athena.place("written")
    cursor.execute(
        f"create table written (id int) location '{place}/' tblproperties ('table_type'='ICEBERG')"
    )
    cursor.execute("insert into written values (1), (2)")
    assert cursor.rowcount == 2
    cursor.executemany("insert into written values (%(id)s)", [{"id": 3}, {"id": 4}])
    assert cursor.execute("select count(*) from written").fetchone() == (4,)


@pytest.mark.shows("PyAthena", "errors as PyAthena's")
def test_errors_are_pyathenas(connection: Any) -> None:
    with pytest.raises(pyathena.OperationalError, match="COLUMN_NOT_FOUND: line 1:8"):
        connection.cursor().execute("select nosuch")
    with pytest.raises(pyathena.DatabaseError, match="InvalidRequestException"):
        connection.cursor().execute("selec 1")


@pytest.mark.shows("PyAthena", "table metadata, databases")
def test_the_catalog(connection: Any, athena: "Athena", table: str) -> None:
    cursor = connection.cursor()
    found = cursor.get_table_metadata(table)
    assert [(column.name, column.type) for column in found.columns] == [
        ("id", "int"),
        ("name", "string"),
        ("amount", "decimal(9,2)"),
        ("tags", "array<string>"),
    ]
    assert table in {listed.name for listed in cursor.list_table_metadata()}
    assert athena.database in {listed.name for listed in cursor.list_databases("AwsDataCatalog")}


@pytest.fixture(scope="module")
def engine(athena: "Athena", local_aws: localaws.LocalAws) -> Iterator[sa.Engine]:
    region = local_aws.environment()["AWS_DEFAULT_REGION"]
    url = sa.URL.create(
        "awsathena+rest",
        username="any",
        password="any",  # noqa: S106 (of no meaning here)
        host=f"athena.{region}.amazonaws.com",
        port=443,
        database=athena.database,
        query={
            "s3_staging_dir": f"s3://{local_aws.bucket}/athena-results/pyathena/",
            "poll_interval": "0.02",
        },
    )
    engine = sa.create_engine(url)
    yield engine
    engine.dispose()


@pytest.mark.shows("PyAthena", "SQLAlchemy: reflection")
def test_sqlalchemy_reflects_tables_and_views(engine: sa.Engine, athena: "Athena", table: str) -> None:
    athena.do(f"create view seen as select id from {table}")
    inspector = sa.inspect(engine)
    assert athena.database in inspector.get_schema_names()
    assert table in inspector.get_table_names(schema=athena.database)
    assert inspector.get_view_names(schema=athena.database) == ["seen"]
    assert inspector.has_table(table, schema=athena.database)
    assert not inspector.has_table("nosuch", schema=athena.database)
    columns = {column["name"]: column["type"] for column in inspector.get_columns(table)}
    assert isinstance(columns["id"], sa.Integer)
    assert isinstance(columns["amount"], sa.DECIMAL)
    assert (columns["amount"].precision, columns["amount"].scale) == (9, 2)


@pytest.mark.shows("PyAthena", "SQLAlchemy: select")
def test_sqlalchemy_selects_from_what_it_reflected(engine: sa.Engine, table: str) -> None:
    reflected = sa.Table(table, sa.MetaData(), autoload_with=engine)
    query = sa.select(reflected.c.name, reflected.c.amount).where(reflected.c.id == 1)
    with engine.connect() as connection:
        assert connection.execute(query).all() == [("one", Decimal("1.50"))]
        found = connection.execute(sa.text("select id from t where name = :name"), {"name": "one"})
        assert found.scalars().all() == [1]


@pytest.mark.shows("PyAthena", "SQLAlchemy: create, insert, drop")
def test_sqlalchemy_makes_writes_and_drops_a_table(engine: sa.Engine, athena: "Athena") -> None:
    made = sa.Table(
        "made",
        sa.MetaData(),
        sa.Column("id", sa.Integer),
        sa.Column("name", sa.String),
        awsathena_location=f"{athena.place('made')}/",
        awsathena_tblproperties={"table_type": "ICEBERG"},
    )
    made.create(engine)
    with engine.connect() as connection:
        connection.execute(made.insert().values(id=1, name="it's"))
        assert connection.execute(sa.select(made)).all() == [(1, "it's")]
    made.drop(engine)
    assert not sa.inspect(engine).has_table("made", schema=athena.database)
