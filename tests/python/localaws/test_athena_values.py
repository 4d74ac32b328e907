"""Values of every type: in GetQueryResults, in the result's CSV, and their columns' description."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from localaws.athena.values import java_double

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena, Execution

pytest_plugins = ("athena_client",)
VALUES = yaml.safe_load((Path(__file__).parent / "cases" / "values" / "values.yml").read_text())
EACH = pytest.mark.parametrize("at", range(len(VALUES)), ids=[case["sql"] for case in VALUES])


@pytest.fixture(scope="module")
def everything(athena: "Athena") -> "Execution":
    """One query of all the cases, a column each."""
    return athena.do("select " + ", ".join(f"{case['sql']} as c{at}" for at, case in enumerate(VALUES)))


@pytest.fixture(scope="module")
def results(athena: "Athena", everything: "Execution") -> dict[str, Any]:
    found: dict[str, Any] = athena.client.get_query_results(QueryExecutionId=everything.id)["ResultSet"]
    return found


@pytest.mark.integration
@EACH
def test_value_is_written_as_athena_does(results: dict[str, Any], at: int) -> None:
    header, row = results["Rows"]
    assert header["Data"][at] == {"VarCharValue": f"c{at}"}
    text = VALUES[at]["text"]
    assert row["Data"][at] == ({} if text is None else {"VarCharValue": text})


@pytest.mark.integration
@EACH
def test_column_is_described_as_athena_does(results: dict[str, Any], at: int) -> None:
    column = results["ResultSetMetadata"]["ColumnInfo"][at]
    assert column["Name"] == column["Label"] == f"c{at}"
    expected = VALUES[at]
    assert column["Type"] == expected["type"]
    assert column["Precision"] == expected.get("precision", column["Precision"])
    assert column["Scale"] == expected.get("scale", column["Scale"])
    assert column["Nullable"] == "UNKNOWN"


@pytest.fixture(scope="module")
def lines(athena: "Athena", everything: "Execution") -> list[list[str]]:
    """The header's and the row's fields as they stand in the CSV, quotes included."""
    content = athena.read(everything.output).decode()
    fields = re.findall(r'("(?:[^"]|"")*"|)[,\n]', content)
    assert len(fields) == 2 * len(VALUES)
    return [fields[: len(VALUES)], fields[len(VALUES) :]]


@pytest.mark.integration
@EACH
def test_value_in_the_csv_is_the_same_between_quotes(lines: list[list[str]], at: int) -> None:
    header, row = lines
    assert header[at] == f'"c{at}"'
    text = VALUES[at]["text"]
    assert row[at] == ("" if text is None else '"' + text.replace('"', '""') + '"')


@pytest.mark.integration
def test_csv_quotes_every_value_and_leaves_null_out(athena: "Athena") -> None:
    done = athena.do("""select 1 as a, cast(null as varchar) as b, '' as c, 'it "is"' as "D e" """)
    assert done.output.endswith(f"{done.id}.csv")
    assert athena.read(done.output) == b'"a","b","c","D e"\n"1",,"","it ""is"""\n'
    assert athena.read(done.output + ".metadata")


@pytest.mark.integration
def test_result_without_rows_has_its_columns(athena: "Athena") -> None:
    done = athena.do("select 1 as a, 'x' as b where false")
    found = athena.client.get_query_results(QueryExecutionId=done.id)
    assert [row["Data"] for row in found["ResultSet"]["Rows"]] == [
        [{"VarCharValue": "a"}, {"VarCharValue": "b"}]
    ]
    assert athena.read(done.output) == b'"a","b"\n'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0"),
        (-0.0, "-0.0"),
        (1234567.0, "1234567.0"),
        (1e21, "1.0E21"),
        (5e-324, "4.9E-324"),
        (0.1 + 0.2, "0.30000000000000004"),
    ],
)
def test_doubles_are_javas(value: float, text: str) -> None:
    assert java_double(value) == text
