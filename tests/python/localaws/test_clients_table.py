"""The committed table of clients is what the tests' marks say."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.python.localaws.shown import Shown, of_marks, rendered

ROOT = Path(__file__).parents[3]
TABLE = ROOT / "docs" / "local-aws-clients.md"


def test_the_table_is_what_the_tests_say(tmp_path: Path) -> None:
    made = tmp_path / "table.md"
    command = [sys.executable, "-m", "pytest", "-p", "tests.python.localaws.shown", "--collect-only", "-q"]
    places = ["tests/python/localaws", "tests/python/adapter"]
    marks = ["-m", "integration or slow or not integration"]
    done = subprocess.run(
        [*command, "--client-table", str(made), *marks, *places],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert TABLE.read_text() == made.read_text(), "make client-table writes it anew"


def test_a_row_per_what_and_a_column_per_client() -> None:
    shown = [
        Shown("statement", "SELECT", "boto3"),
        Shown("statement", "CALL", "boto3", "refused"),
        Shown("statement", "SELECT", "PyAthena"),
        Shown("operation", "StartSession", "boto3", "not there"),
    ]
    table = rendered(shown)
    assert (
        "| statement | boto3 | PyAthena |\n|---|---|---|\n| SELECT | ✓ | ✓ |\n| CALL | as Athena |  |"
        in table
    )
    assert "| StartSession | no |" in table


@pytest.mark.parametrize(
    "mark", [pytest.mark.shows("nobody", "x"), pytest.mark.shows("boto3", "x", outcome="?")]
)
def test_a_mark_names_a_client_and_an_outcome(mark: pytest.MarkDecorator) -> None:
    with pytest.raises(ValueError, match="No such client or outcome"):
        of_marks([mark.mark])
