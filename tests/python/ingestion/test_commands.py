"""What the command says, and with which status it ends."""

import json
import subprocess
import sys
from pathlib import Path

import awswrangler as wr
import pytest
from botocore.exceptions import EndpointConnectionError

from ingestion import run
from ingestion.domains import ENTITIES
from ingestion.land import Examined, Landing, Target, settle
from tests.python.ingestion.conftest import LakeOfTest
from tests.python.ingestion.cotahist_lines import file, packed, row, rows, text

WHOLE = text(*rows(3), row()[:100])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as people have them: good files, bad files, other files."""
    file(tmp_path, packed(WHOLE), "COTAHIST_D06032026.ZIP")
    file(tmp_path, text(row(data="20260305"), date="20260305"), "cotahist_d05032026.txt")
    file(tmp_path, text(row(), count=7), "COTAHIST_D04032026.TXT")
    file(tmp_path, b"<html>", "COTAHIST_D03032026.zip")
    file(tmp_path, b"not for us", "notes.md")
    (tmp_path / "older.zip").mkdir()
    return tmp_path


def test_a_folders_zip_and_text_files_are_landed_by_name(lake: LakeOfTest, folder: Path) -> None:
    done = lake.ingest("--from", folder, "--json")
    assert [(one["file"], one["status"], one["reason"]) for one in done.files] == [
        ("COTAHIST_D03032026.zip", "refused", "not_a_zip"),
        ("COTAHIST_D04032026.TXT", "refused", "trailer_count"),
        ("COTAHIST_D06032026.ZIP", "landed", None),
        ("cotahist_d05032026.txt", "landed", None),
    ]
    counts = json.loads(done.stdout)
    assert {status: counts[status] for status in ("landed", "refused", "duplicate", "unavailable")} == {
        "landed": 2,
        "refused": 2,
        "duplicate": 0,
        "unavailable": 0,
    }


def test_something_refused_is_status_1_and_told_file_by_file(lake: LakeOfTest, folder: Path) -> None:
    done = lake.ingest("--from", folder)
    assert done.status == 1
    left_out, not_a_zip, not_whole = done.stderr.splitlines()
    assert left_out.endswith(": notes.md, older.zip/")
    assert not_a_zip.startswith("COTAHIST_D03032026.zip: not_a_zip: ")
    assert not_whole.startswith("COTAHIST_D04032026.TXT:3: trailer_count: The trailer on line 3 counts 7,")
    assert "Fetch the file again" in not_whole


def test_the_tables_of_every_domain_are_there_after_the_first_landing(
    lake: LakeOfTest, tmp_path: Path
) -> None:
    """So that the whole project can be built, whichever of its domains have files."""
    lake.land(file(tmp_path, WHOLE, "COTAHIST_D06032026.TXT"))
    tables = set(wr.catalog.tables(database=lake.database)["Table"])
    assert tables == {"file_control", *(entity.table for entity in ENTITIES)}
    assert len(tables) > 3


def test_a_file_in_a_folder_is_known_by_what_it_begins_with(lake: LakeOfTest, tmp_path: Path) -> None:
    file(tmp_path, WHOLE, "COTAHIST.A1986")
    file(tmp_path, packed(text(row())), "download")
    file(tmp_path, b"PK is what it begins with", "notes")
    file(tmp_path, b"", "empty")
    file(tmp_path, b"%PDF-1.7", "layout.pdf")
    done = lake.ingest("--from", tmp_path)
    assert done.status == 0
    assert {row["file_name"] for row in lake.control()} == {"COTAHIST.A1986", "download"}
    (left_out,) = done.stderr.splitlines()
    assert left_out.endswith("begins like a ZIP or like a text of cotahist: empty, layout.pdf, notes")


def test_refused_files_are_kept_with_a_control_row_and_no_raw_row(lake: LakeOfTest, folder: Path) -> None:
    lake.ingest("--from", folder)
    refused = {told["file_name"]: told for told in lake.control() if told["status"] == "refused"}
    assert set(refused) == {"COTAHIST_D03032026.zip", "COTAHIST_D04032026.TXT"}
    told = refused["COTAHIST_D04032026.TXT"]
    assert (told["rows_expected"], told["rows_landed"], told["header_date"]) == (7, None, "20260306")
    assert "1 rows" in told["detail"]
    for name, one in refused.items():
        assert (
            lake.content(one["s3_uri"].removeprefix(f"s3://{lake.bucket}/")) == (folder / name).read_bytes()
        )
    assert {one["file_name"] for one in lake.raw()} == {"COTAHIST_D06032026.ZIP", "cotahist_d05032026.txt"}


def test_the_table_is_for_people(lake: LakeOfTest, folder: Path) -> None:
    done = lake.ingest("--from", folder)
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["file", "session", "rows", "malformed", "seconds", "status"]
    landed = next(line.split() for line in lines if line.startswith("COTAHIST_D06032026.ZIP"))
    assert [*landed[1:4], landed[5]] == ["2026-03-06", "4", "1", "landed"]
    assert lines[-1].startswith("4 files")
    assert "2 landed, 2 refused" in lines[-1]


def test_all_landed_is_status_0_and_nothing_on_stderr(lake: LakeOfTest, tmp_path: Path) -> None:
    done = lake.ingest("--from", file(tmp_path, WHOLE))
    assert (done.status, done.stderr) == (0, "")


def test_a_duplicate_is_status_0(lake: LakeOfTest, tmp_path: Path) -> None:
    path = file(tmp_path, WHOLE)
    lake.ingest("--from", path)
    done = lake.ingest("--from", path)
    assert (done.status, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--date", "2026-03-06", "--year", "2026"),
        ("--date", "2026-02-30"),
        ("--date", "06/03/2026"),
        ("--month", "2026-13"),
        ("--month", "202603"),
        ("--year", "26"),
        ("--from", "/there/is/no/such/place"),
        ("--since", "2026"),
    ],
)
def test_wrong_use_is_status_2(lake: LakeOfTest, arguments: tuple[str, ...]) -> None:
    done = lake.ingest(*arguments)
    assert done.status == 2
    assert done.stderr
    assert lake.objects() == []


def test_a_folder_without_a_file_to_land_is_wrong_use(lake: LakeOfTest, tmp_path: Path) -> None:
    file(tmp_path, b"not for us", "notes.md")
    done = lake.ingest("--from", tmp_path)
    assert done.status == 2
    assert str(tmp_path) in done.stderr


def test_local_without_a_local_aws_never_goes_to_aws(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    done = lake.ingest("--from", file(tmp_path, WHOLE))
    assert done.status == 2
    assert "python -m localaws up" in done.stderr


def test_no_bucket_name_is_guessed_for_aws(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FINLAKE_TARGET", "aws")
    monkeypatch.delenv("FINLAKE_BUCKET")
    done = lake.ingest("--from", file(tmp_path, WHOLE))
    assert done.status == 2
    assert "FINLAKE_BUCKET" in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [("FINLAKE_BUCKET", "no-such-bucket-here"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")],
)
def test_an_aws_that_is_not_there_is_told_in_a_sentence(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv(name, value)
    done = lake.ingest("--from", file(tmp_path, WHOLE))
    assert done.status == 1
    assert done.stderr.startswith("AWS: ")
    assert len(done.stderr.splitlines()) == 2


def test_a_file_that_cannot_be_opened_is_told_in_a_sentence(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "a.zip")

    monkeypatch.setattr(run, "examine", forbidden)
    done = lake.ingest("--from", file(tmp_path, WHOLE))
    assert done.status == 1
    assert "Permission denied: 'a.zip'" in done.stderr


def test_what_landed_before_aws_went_away_is_told(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        file(tmp_path, text(row(preult=str(number))), f"{number}.txt")

    def gone(examined: Examined, target: Target) -> Landing:
        if examined.received.name == "2.txt":
            raise EndpointConnectionError(endpoint_url="there")
        return settle(examined, target)

    monkeypatch.setattr(run, "settle", gone)
    done = lake.ingest("--from", tmp_path, "--json")
    assert done.status == 1
    assert [(one["file"], one["status"]) for one in done.files] == [("0.txt", "landed"), ("1.txt", "landed")]
    assert done.stderr.startswith("AWS: Could not connect")


def test_it_is_a_module_to_run(lake: LakeOfTest, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ingestion", "b3", "quotes", "--from", str(file(tmp_path, WHOLE))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 landed" in done.stdout
    assert len(lake.raw()) == 4
