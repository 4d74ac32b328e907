"""A file of any size is read in bounded memory; the benchmark measures what it says."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from benchmarks import contest
from benchmarks.cards_csv.compare import CONTENDERS, write
from benchmarks.cli import app
from tests.python.ingestion.cards.texts import read_path

OURS = CONTENDERS[0]


def test_a_file_four_times_as_large_takes_no_more_memory(tmp_path: Path) -> None:
    paths = [write(size, tmp_path / str(size)) for size in (24_000_000, 96_000_000)]
    small, large = contest.contest((OURS,), paths, runs=1)
    assert large.runs[0].rows > 3.9 * small.runs[0].rows
    assert large.runs[0].peak_mib < 1.25 * small.runs[0].peak_mib


def test_the_file_is_as_long_as_asked_for_and_whole(tmp_path: Path) -> None:
    path = write(3_000_000, tmp_path)
    assert 2_990_000 < path.stat().st_size < 3_010_000
    found = read_path(path)
    assert found.envelope
    assert found.envelope.rows == path.read_bytes().count(b"\n") - 1
    assert found.envelope.rows_malformed == 0


def test_every_contender_reads_every_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    rows = write(1_000_000, tmp_path).read_bytes().count(b"\n") - 1
    told = CliRunner().invoke(app, ["cards_csv", "--size-mb", "1", "--runs", "1", "--json"])
    measured = json.loads(told.stdout)["measured"]
    assert [one["label"] for one in measured] == [one.label for one in CONTENDERS]
    assert [one["failure"] for one in measured] == [None] * len(CONTENDERS)
    assert {run["rows"] for one in measured for run in one["runs"]} == {rows}
    assert all(run["peak_mib"] >= run["imported_mib"] > 0 for one in measured for run in one["runs"])


def test_a_contender_that_fails_is_told_beside_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(100_000, tmp_path)
    missing = contest.Contender("benchmarks.cards_csv.contenders.nobody", "nobody")
    contest.print_tables(contest.contest((OURS, missing), [path], runs=1))
    shown = capsys.readouterr().out
    assert "No module named" in shown
    assert "finlake: text to Parquet" in shown
