"""Athena's memory of its queries: bounded, and none of it missed by who asks."""

from collections.abc import Callable
from typing import Any

import pytest

from localaws.athena.errors import QueryFailed
from localaws.athena.history import History
from localaws.athena.query import Query, Request, State
from localaws.athena.store import Results, split_uri, write_csv, write_text
from localaws.statements import parse
from tests.python.localaws.served import Served

ROWS: list[list[str | None]] = [[str(n), None if n % 3 else 'a "word"\nor two'] for n in range(2500)]
ALONE: list[list[str | None]] = [[None], ["x"], [None], [""]]


def query(name: str, token: str | None = None) -> Query:
    request = Request(
        "select 1", parse("select 1"), "primary", "AwsDataCatalog", None, "s3://b/", token=token
    )
    return Query(name, request)


def ids(history: History) -> list[str]:
    return [query.id for query in history.newest_first()]


def test_a_key_may_have_any_character_in_it() -> None:
    assert split_uri("s3://bucket/a#b/c?d=e") == ("bucket", "a#b/c?d=e")


def test_the_oldest_are_forgotten_with_their_tokens() -> None:
    history = History(most=2)
    for name in "abc":
        added = history.add(query(name, token=f"token-{name}"))
        added.finish(State.SUCCEEDED)

    assert ids(history) == ["c", "b"]
    assert history.find("a") is None
    assert history.of_token("token-a") is None
    assert history.of_token("token-c") is history.find("c")


def test_a_query_that_still_runs_is_not_forgotten() -> None:
    history = History(most=1)
    running = history.add(query("running"))
    for name in "ab":
        history.add(query(name)).finish(State.FAILED)
        history.add(query(f"{name}-last"))

    assert history.find("running") is running
    assert history.find("a") is None


def test_one_token_is_one_query() -> None:
    history = History()
    first = history.add(query("first", "t"))

    assert history.add(query("second", "t")) is first
    assert ids(history) == ["first"]


def columns(rows: list[list[str | None]]) -> list[list[str | None]]:
    return [list(column) for column in zip(*rows, strict=True)]


@pytest.fixture(scope="module")
def write(apis: Served) -> Callable[[str, list[list[str | None]]], tuple[Any, Query]]:
    s3 = apis.bucket("history")

    def written(name: str, rows: list[list[str | None]]) -> tuple[Any, Query]:
        done = query(name)
        header = [f"column {at}" for at in range(len(rows[0]))]
        done.result = write_csv(s3, f"s3://history/{name}.csv", header, [columns(rows)])
        return s3, done

    return written


def test_a_bucket_that_goes_meanwhile_fails_the_query(apis: Served) -> None:
    s3 = apis.client("s3")
    reason = r"bucket does not exist \(Service: Amazon S3; Status Code: 404; Error Code: NoSuchBucket\)"
    with pytest.raises(QueryFailed, match=reason):
        write_csv(s3, "s3://nowhere/r.csv", ["a"], [columns(ROWS[:2])])
    with pytest.raises(QueryFailed, match=reason):
        write_text(s3, "s3://nowhere/r.txt", ["a"])


@pytest.mark.parametrize("rows", [ROWS, ALONE])
def test_rows_that_left_the_memory_are_read_from_s3(
    write: Callable[[str, list[list[str | None]]], tuple[Any, Query]], rows: list[list[str | None]]
) -> None:
    history = History(most_with_rows=1)
    s3, older = write("older", rows)
    _, newer = write("newer", rows)
    for done in (older, newer):
        history.add(done)
        history.ended(done)

    assert older.result is not None
    assert newer.result is not None
    assert older.result.first == []
    assert newer.result.first == rows[:1000]
    results = Results(s3)
    for start, count in ((0, 999), (0, 1), (2, 1), (999, 1000), (1999, 1000)):
        expected = rows[start : start + count]
        assert results.rows(older.result, start, count) == expected
        assert results.rows(newer.result, start, count) == expected


def test_what_is_read_ahead_is_bounded_and_right_in_any_order(
    write: Callable[[str, list[list[str | None]]], tuple[Any, Query]],
) -> None:
    rows: list[list[str | None]] = [[str(n), "x" * 900] for n in range(6500)]
    s3, done = write("wide", rows)
    assert done.result is not None
    done.result.first = []
    results = Results(s3)

    for start in (0, 1000, 6000, 2500, 0, 5999, 3000):
        assert results.rows(done.result, start, 1000) == rows[start : start + 1000]

    (stretch,) = results._ahead.values()
    assert stretch.table.nbytes <= 2.5 * 2**20
