"""The benchmark measures what it says; how fast anything is, is not for a test to judge."""

import json
from pathlib import Path

import pytest

from benchmarks import contest, peers
from benchmarks.b3_cotahist import compare, text
from tests.python.ingestion.cotahist_lines import file, packed, row, rows
from tests.python.ingestion.cotahist_lines import text as whole
from tests.python.ingestion.reading import read_path


def test_the_text_is_the_sources_rows_until_it_is_long_enough(tmp_path: Path) -> None:
    file(tmp_path, packed(whole(*rows(5), row()[:99], end=b"\n")), "a.zip")
    file(tmp_path, whole(*rows(2)), "b.txt")
    made = text.write(text.rows_of(tmp_path), 100_000, tmp_path)
    found = read_path(made)
    assert found.reason is None
    tickers = [one["codneg"].strip() for one in found.rows]
    assert tickers[:9] == ["AAA0", "AAA1", "AAA2", "AAA3", "AAA4", "AAA0", "AAA1", "AAA0", "AAA1"]
    assert len(tickers) == 100_000 // 247
    unpacked = [one["codneg"].strip() for one in read_path(made.with_suffix(".ZIP")).rows]
    assert unpacked == tickers


def test_every_contender_reads_every_row_and_peers_that_are_missing_are_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> Path:
        raise peers.PeersError("no network")

    monkeypatch.setattr(peers, "python", missing)
    measured = compare.compare(None, [1], runs=1)
    told = [one for one in json.loads(contest.as_json(measured))["measured"] if one["failure"] is None]
    assert {one["runs"][0]["rows"] for one in told} == {1_000_000 // 247}
    assert [(one.label, one.failure) for one in measured if one.failure] == [
        ("b3cotahist: to a DataFrame", "no network")
    ]
    assert all(one["runs"][0]["peak_mib"] >= one["runs"][0]["imported_mib"] > 0 for one in told)
    contest.print_tables(measured)
    assert "finlake: text to Parquet" in capsys.readouterr().out


def test_a_contender_that_is_killed_or_has_no_place_to_land_is_told_and_the_others_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    says_nothing = tmp_path / "says_nothing"
    says_nothing.write_text("#!/bin/sh\nexit 137\n")
    says_nothing.chmod(0o700)
    monkeypatch.setattr(peers, "python", lambda: says_nothing)
    contenders = (
        contest.Contender("benchmarks.b3_cotahist.ours", "killed", peer=True),
        contest.Contender("benchmarks.b3_cotahist.ours", "nowhere to land", lands="there is no such place"),
    )
    killed, lost = contest.contest(contenders, [file(tmp_path, whole(*rows(2)))], runs=1)
    assert killed.failure == "ended with status 137"
    assert "there is no such place" in str(lost.failure)
