"""What is shown of a run, whatever its files are called."""

import io
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from ingestion.progress import bar
from ingestion.report import print_table, unavailable
from ingestion.text import FETCH_AGAIN
from tests.python.ingestion.conftest import LakeOfTest
from tests.python.ingestion.cotahist_lines import file, packed, row, text

NAMES = ["COTAHIST [old].ZIP", "COTAHIST [red].ZIP", "[b]COTAHIST[.ZIP"]


def test_a_files_name_is_shown_as_it_is(lake: LakeOfTest, tmp_path: Path) -> None:
    for number, name in enumerate(NAMES):
        file(tmp_path, packed(text(row(preult=str(number)))), name)
    done = lake.ingest("--from", tmp_path)
    assert done.status == 0
    for name in NAMES:
        assert name in done.stdout


def test_a_name_that_looks_like_the_end_of_a_colour_is_no_error(capsys: pytest.CaptureFixture[str]) -> None:
    landed = unavailable("", "https://example.org/", "detail", "not_fetched", "advice")
    print_table([replace(landed, file="COTAHIST [/b].zip")])
    assert "COTAHIST [/b].zip" in capsys.readouterr().out


@pytest.mark.parametrize("name", [*NAMES, "COTAHIST [/b].zip", "[/]"])
def test_the_bar_shows_a_name_as_it_is(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr(sys, "stderr", terminal := Terminal())
    with bar("landing", 10) as shown:
        shown.name(name)
        shown.advance(10)
    assert name in terminal.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (packed(text(row()))[:-30], "zip_cut"),
        (b"<html>", "not_a_zip"),
        (b"", "empty"),
    ],
)
def test_a_complaint_names_the_file_once(
    lake: LakeOfTest, tmp_path: Path, content: bytes, reason: str
) -> None:
    done = lake.ingest("--from", file(tmp_path, content, "X.ZIP"))
    assert done.stderr.startswith(f"X.ZIP: {reason}: ")
    assert done.stderr.count("X.ZIP") == 1
    assert done.stderr.strip().endswith(FETCH_AGAIN)
