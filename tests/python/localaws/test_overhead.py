"""The overhead's measurement: every way reads the same rows, and the report says what was measured."""

import json

import pytest

import localaws
from benchmarks.athena_overhead.measure import LARGE_WAYS, Measured, measure
from benchmarks.athena_overhead.report import as_json, print_tables
from benchmarks.athena_overhead.ways import Taken, clients


@pytest.mark.integration
def test_all_ways_of_a_result_read_the_same_rows(local_aws: localaws.LocalAws) -> None:
    measured = measure(clients(local_aws.environment(), local_aws.engine_url), 1, 1, 3000)

    large = [one for one in measured if one.way in LARGE_WAYS][-len(LARGE_WAYS) :]
    assert [one.taken[0].rows for one in large] == [3000] * len(LARGE_WAYS)


def test_medians_are_of_the_whole_and_of_reading(capsys: pytest.CaptureFixture[str]) -> None:
    direct = Measured("select 1", "Trino's client", [Taken(seconds, 0, 5) for seconds in (1, 3, 2)])
    pages = Measured("select 1", "pages", [Taken(2, read, 5) for read in (1, 1.5, 0.5)])

    found = json.loads(as_json([direct, pages]))
    print_tables([direct, pages])

    assert [one["median_seconds"] for one in found] == [2, 3]
    assert [one["median_seconds_of_reading"] for one in found] == [2, 1]
    assert "+1,000.0" in capsys.readouterr().out
