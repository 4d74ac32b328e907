"""One query as the command line runs it: what is a row and what is not, and how much of it is in memory."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import Mock

import pytest

from localaws import query

ENVIRONMENT = {"FINLAKE_BUCKET": "b"}


@pytest.fixture
def athena(monkeypatch: pytest.MonkeyPatch) -> Mock:
    client = Mock()
    client.start_query_execution.return_value = {"QueryExecutionId": "q"}
    monkeypatch.setattr(query, "athena", lambda _: client)
    return client


def finished(athena: Mock, kind: str, pages: Iterator[dict[str, Any]]) -> None:
    execution = {"QueryExecutionId": "q", "SubstatementType": kind, "Status": {"State": "SUCCEEDED"}}
    athena.get_query_execution.return_value = {"QueryExecution": execution}
    athena.get_paginator.return_value.paginate.return_value = pages


def page(*values: str) -> dict[str, Any]:
    columns = [{"Name": "tab_name", "Type": "varchar"}]
    rows = [{"Data": [{"VarCharValue": value}]} for value in values]
    return {"ResultSet": {"ResultSetMetadata": {"ColumnInfo": columns}, "Rows": rows}}


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("SELECT", [["tab_name"], ["x"]]),
        ("EXECUTE", [["tab_name"], ["x"]]),
        ("SHOW_TABLES", [["tab_name"], ["tab_name"], ["x"]]),
    ],
)
def test_a_header_is_known_by_the_kind_of_statement(athena: Mock, kind: str, rows: list[list[str]]) -> None:
    """A value may be the column's name."""
    finished(athena, kind, iter([page("tab_name", "tab_name"), page("x")]))
    assert query.execute("…", ENVIRONMENT, "primary").rows == rows


def test_rows_are_given_before_the_next_page_is_asked_for(athena: Mock) -> None:
    asked = []

    def pages() -> Iterator[dict[str, Any]]:
        for number in range(3):
            asked.append(number)
            yield page(*(["tab_name"] if number == 0 else []), f"row {number}")

    finished(athena, "SELECT", pages())
    columns, rows = query.stream("…", ENVIRONMENT, "primary")
    assert columns == [query.Column("tab_name", "varchar")]
    assert (next(rows), asked) == (["row 0"], [0])
    assert list(rows) == [["row 1"], ["row 2"]]
