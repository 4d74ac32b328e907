"""The committed table of clients is what its tests say and how they ended when they last ran."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.python.localaws.shown import (
    FAILS,
    HEAD,
    NOT_NOTED,
    Ended,
    Record,
    Shown,
    of_test,
    read_record,
    rendered,
)

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "local-aws-clients.md"
PLUGIN = ("-p", "tests.python.localaws.shown", "-p", "no:cacheprovider", "-q")
PASSED, FAILED = Ended("passed", "2026-01-02"), Ended("failed", "2026-01-02")


def run(*arguments: str, cwd: Path = ROOT, status: int = 0, **settings: str) -> None:
    """pytest with the plugin, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *PLUGIN, *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == status, done.stdout[-3000:] + done.stderr[-3000:]


def test_everything_on_the_page_has_run_and_nothing_fails() -> None:
    lines = PAGE.read_text().removeprefix(HEAD).splitlines()
    assert len(lines) > 100
    assert [line for line in lines if re.search(rf"[|:] ({FAILS}|{NOT_NOTED})( \||$)", line)] == []


def test_the_page_is_what_the_tests_say(tmp_path: Path) -> None:
    made = tmp_path / PAGE.name
    notes = PAGE.with_suffix(".json")
    shutil.copy(notes, tmp_path)
    every = ("-m", "integration or slow or not integration", "tests/python/localaws", "tests/python/adapter")

    run("--collect-only", "--client-table", str(made), *every)

    assert made.read_text() == PAGE.read_text(), "make client-table writes it anew"
    assert (tmp_path / notes.name).read_text() == notes.read_text(), "a test is gone that is noted"


SUITE = """
import pytest

@pytest.mark.shows("boto3", "one")
def test_one():
    assert {one}

@pytest.mark.skipif({absent}, reason="the tool is not there")
@pytest.mark.shows("AWS CLI", "two")
def test_two():
    pass

@pytest.fixture
def broken():
    assert {whole}

@pytest.mark.shows("boto3", "three")
def test_three(broken):
    pass

def test_of_nothing():
    pass
"""


def test_a_run_notes_how_its_tests_ended(tmp_path: Path) -> None:
    notes = tmp_path / "notes.json"
    suite = tmp_path / "test_suite.py"
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n    shows\n")

    def ran(*arguments: str, status: int = 0, **facts: bool) -> dict[str, str]:
        suite.write_text(SUITE.format(**facts))
        given = ("--record-shown", str(notes), *arguments, suite.name)
        run(*given, cwd=tmp_path, status=status, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
        return {name.partition("::")[2]: ended.outcome for name, ended in read_record(notes).items()}

    # What was never run is not noted; by several processes it is one that notes.
    first = ran("-p", "xdist", "-n", "2", one=True, absent=True, whole=True)
    assert first == {"test_one": "passed", "test_three": "passed"}
    assert ran(one=True, absent=False, whole=True)["test_two"] == "passed"
    # What was shown is not taken back by a test that is skipped; what fails now, or is not set up, is.
    last = ran(status=1, one=False, absent=True, whole=False)
    assert last == {"test_one": "failed", "test_two": "passed", "test_three": "failed"}


def test_a_row_per_what_and_a_column_per_client() -> None:
    shown = [
        Shown("statement", "SELECT", "boto3", test="a"),
        Shown("statement", "CALL", "boto3", "refused", test="a"),
        Shown("statement", "SELECT", "PyAthena", test="a"),
        Shown("operation", "StartSession", "boto3", "not there", test="a"),
        Shown("use", "cursors", "PyAthena", test="a"),
    ]
    page = rendered(shown, {"a": PASSED})
    rows = "| CALL | as Athena |  |\n| SELECT | ✓ | ✓ |"
    assert f"| statement | boto3 | PyAthena |\n|---|---|---|\n{rows}" in page
    assert "| StartSession | no |" in page
    assert "### PyAthena\n\n- cursors\n" in page


@pytest.mark.parametrize(
    ("record", "sign"),
    [
        ({"a": PASSED, "b": PASSED}, "✓"),
        ({"a": PASSED, "b": FAILED}, "fails"),
        ({"b": FAILED}, "fails"),
        ({"a": PASSED}, "not noted"),
        ({}, "not noted"),
    ],
)
def test_all_tests_of_a_sign_have_to_pass(record: Record, sign: str) -> None:
    shown = [Shown(part, "x", "boto3", test=test) for part in ("statement", "use") for test in "ab"]
    page = rendered(shown, record)
    assert f"| x | {sign} |" in page
    assert ("- x\n" if sign == "✓" else f"- x: {sign}\n") in page


@pytest.mark.parametrize(
    "mark", [pytest.mark.shows("nobody", "x"), pytest.mark.shows("boto3", "x", outcome="?")]
)
def test_a_mark_names_a_client_and_an_outcome(mark: pytest.MarkDecorator) -> None:
    with pytest.raises(ValueError, match="No such client or outcome"):
        of_test("test", [mark.mark])
