"""What this Trino has and Athena has not: each line of `newer_than_athena.csv`, by its own example."""

import csv
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trino

import localaws
from localaws.athena.trino_client import USER
from localaws.statements import MalformedStatementError, StatementError, newer, parse
from localaws.statements.newer import refuse_syntax, unknown_function
from localaws.statements.reader import Reader

FILE = Path(newer.__file__).with_name("newer_than_athena.csv")
with FILE.open(newline="") as lines:
    ROWS = list(csv.DictReader(lines))
EACH = pytest.mark.parametrize("row", ROWS, ids=[row["words"] for row in ROWS])


def refused(example: str) -> StatementError | None:
    """How Athena refuses it; in a SELECT, for what it does not know."""
    reader = Reader(example, hive=False)
    try:
        refuse_syntax(reader)
    except MalformedStatementError as error:
        return error
    return unknown_function(reader)


@EACH
def test_athena_does_not_know_it(row: dict[str, str]) -> None:
    last = row["words"].split()[-1]
    error = refused(row["example"])
    assert error is not None
    if row["what"] == "function":
        assert (error.name, error.message.partition(": ")[2]) == (
            "FUNCTION_NOT_FOUND",
            f"Function '{last}' not registered",
        )
        # It is known when it is called.
        parse(row["example"])
    else:
        assert error.message.partition(": ")[2] == f"mismatched input '{last}'"
        with pytest.raises(MalformedStatementError):
            parse(row["example"])


@EACH
def test_it_is_this_line_that_refuses_it(row: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    words = tuple(row["words"].upper().split())
    others = {
        first: [syntax for syntax in syntaxes if syntax.words != words]
        for first, syntaxes in newer._BY_FIRST_WORD.items()
    }
    monkeypatch.setattr(newer, "_BY_FIRST_WORD", others)
    monkeypatch.setattr(newer, "_FUNCTIONS", newer._FUNCTIONS - {row["words"]})
    assert refused(row["example"]) is None


@pytest.mark.integration
@EACH
def test_this_trino_knows_it(local_aws: localaws.LocalAws, row: dict[str, str]) -> None:
    engine = urlsplit(local_aws.engine_url)
    with trino.dbapi.connect(host=engine.hostname, port=engine.port, user=USER) as connection:
        assert connection.cursor().execute(row["example"]).fetchall()
