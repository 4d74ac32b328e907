"""Values of every type through each client: what it makes of each case in `cases/values/values.yml`.

The file says how it is to be read.
"""

import datetime as dt
import functools
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import awswrangler as wr
import boto3
import numpy as np
import pyarrow.fs
import pyathena
import pytest
import yaml
from pyathena.arrow.cursor import ArrowCursor
from pyathena.pandas.cursor import PandasCursor

import localaws

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)
pytestmark = [pytest.mark.integration, pytest.mark.filterwarnings("ignore")]

VALUES: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parent / "cases" / "values" / "values.yml").read_text()
)
# What the ways read, where it is not the pages of the API.
CSV = ("pandas", "arrow", "wrangler")
PARQUET = ("pandas_unload", "arrow_unload", "wrangler_ctas", "wrangler_unload")
SOURCE = dict.fromkeys(CSV, "csv") | dict.fromkeys(PARQUET, "parquet")
SHOWN = {
    "pyathena": ("PyAthena", "the plain cursor: values of every type"),
    "pandas": ("PyAthena", "the pandas cursor by CSV: values of every type"),
    "pandas_unload": ("PyAthena", "the pandas cursor by UNLOAD: values of every type"),
    "arrow": ("PyAthena", "the Arrow cursor by CSV: values of every type"),
    "arrow_unload": ("PyAthena", "the Arrow cursor by UNLOAD: values of every type"),
    "wrangler": ("awswrangler", "read_sql_query, plain: values of every type"),
    "wrangler_ctas": ("awswrangler", "read_sql_query by CTAS: values of every type"),
    "wrangler_unload": ("awswrangler", "read_sql_query by UNLOAD: values of every type"),
}
Row = dict[str, Any]


def read_by(way: str) -> list[tuple[int, dict[str, Any]]]:
    """The cases that this way can read, with their places."""
    left_out = [
        way in case.get("unread_by", ()) or (way in PARQUET and "not_written" in case) for case in VALUES
    ]
    return [(at, case) for at, case in enumerate(VALUES) if not left_out[at]]


def expected(case: dict[str, Any], way: str) -> str:
    """What the way gives: something of its own, what all give that read such files, or what all give."""
    return str(case.get(way, case.get(SOURCE.get(way, ""), case["value"])))


def said(value: Any) -> str:
    """A value as Python writes it, arrays as lists; what has a zone as ISO 8601 has it."""
    if isinstance(value, dt.datetime) and value.tzinfo is not None:
        return value.isoformat()
    return repr(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return type(value)(map(_plain, value))
    return value


@pytest.fixture(scope="module")
def rows(athena: "Athena", local_aws: localaws.LocalAws) -> Callable[[str], Row]:
    """All cases that a way reads, by one query."""
    place = f"s3://{athena.bucket}/athena-results/values/"
    connection = functools.partial(
        pyathena.connect,
        region_name=boto3.session.Session().region_name,
        schema_name=athena.database,
        poll_interval=0.02,
    )

    def cursor(sql: str, **options: Any) -> Any:
        return connection(s3_staging_dir=f"{place}{uuid.uuid4().hex}/").cursor(**options).execute(sql)

    def plain(sql: str) -> Row:
        done = cursor(sql)
        return dict(zip((column[0] for column in done.description), done.fetchone(), strict=True))

    def pandas(sql: str, unload: bool = False) -> Row:
        return _only(cursor(sql, cursor=PandasCursor, unload=unload).as_pandas().to_dict("records"))

    def arrow(sql: str, unload: bool = False) -> Row:
        # PyAthena names no endpoint to pyarrow, and pyarrow asks the environment for none.
        there = functools.partial(pyarrow.fs.S3FileSystem, endpoint_override=local_aws.endpoint_url)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pyarrow.fs, "S3FileSystem", there)
            return _only(cursor(sql, cursor=ArrowCursor, unload=unload).as_arrow().to_pylist())

    def wrangler(sql: str, **approach: bool) -> Row:
        output = f"{place}{uuid.uuid4().hex}/"
        frame = wr.athena.read_sql_query(sql, athena.database, s3_output=output, **approach)
        return _only(frame.to_dict("records"))

    ways: dict[str, Callable[[str], Row]] = {
        "pyathena": plain,
        "pandas": pandas,
        "pandas_unload": functools.partial(pandas, unload=True),
        "arrow": arrow,
        "arrow_unload": functools.partial(arrow, unload=True),
        "wrangler": functools.partial(wrangler, ctas_approach=False),
        "wrangler_ctas": functools.partial(wrangler, ctas_approach=True),
        "wrangler_unload": functools.partial(wrangler, ctas_approach=False, unload_approach=True),
    }

    def read(way: str) -> Row:
        columns = ", ".join(f"{case['sql']} as c{at}" for at, case in read_by(way))
        return ways[way](f"select {columns}")

    return read


def _only(rows: list[Row]) -> Row:
    (row,) = rows
    return row


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=pytest.mark.shows(*shown)) for way, shown in SHOWN.items()]
)
def test_values_as_the_client_gives_them(rows: Callable[[str], Row], way: str) -> None:
    row, cases = rows(way), read_by(way)
    found = {case["sql"]: said(row[f"c{at}"]) for at, case in cases}
    assert found == {case["sql"]: expected(case, way) for _, case in cases}
    assert len(found) > len(VALUES) / 2


@pytest.mark.parametrize("how", ["CTAS", "UNLOAD"])
@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case["sql"]) for case in VALUES if "not_written" in case]
)
def test_what_no_file_holds_is_refused(athena: "Athena", case: dict[str, Any], how: str) -> None:
    place = athena.place(uuid.uuid4().hex)
    query = f"select {case['sql']} as c"
    sql = {
        "CTAS": f"create table never with (format='PARQUET', external_location='{place}') as {query}",
        "UNLOAD": f"unload ({query}) to '{place}/' with (format='PARQUET')",
    }[how]
    done = athena.run(sql)
    assert done.state == "FAILED"
    assert case["not_written"] in done.reason
