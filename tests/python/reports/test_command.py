"""What the command says, and with which status it ends."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from reports.cli import app


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("AWS_ENDPOINT_URL", "FINLAKE_TARGET", "FINLAKE_BUCKET"):
        monkeypatch.delenv(name, raising=False)


def test_a_date_is_asked_for_in_its_form() -> None:
    done = CliRunner().invoke(app, ["b3", "--date", "29/01/2026"])
    assert done.exit_code == 2
    assert "29/01/2026 is no day" in done.output


def test_aws_itself_is_not_asked_by_mistake() -> None:
    done = CliRunner().invoke(app, ["b3", "--date", "2026-01-29"])
    assert done.exit_code == 2
    assert "this would go to AWS itself" in done.output


def test_a_lake_that_does_not_answer_is_told_and_no_page_is_written(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    done = CliRunner().invoke(app, ["b3", "--date", "2026-01-29"])
    assert done.exit_code == 1
    assert "AWS: " in done.output
    assert "Is it up" in done.output
    assert list(tmp_path.iterdir()) == []
