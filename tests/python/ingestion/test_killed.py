"""Killed with no warning, at moments nobody chose, and run again."""

import hashlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingestion.workspace import PREFIX
from tests.python.ingestion.conftest import LakeOfTest
from tests.python.ingestion.cotahist_lines import file, packed, row, rows, text

FILES = 20


LONG_AGO = 1_000_000_000


def test_what_a_killed_process_left_in_the_temporary_directory_is_gone_after_the_next_run(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary, files = tmp_path / "temporary", tmp_path / "files"
    temporary.mkdir()
    files.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    path = file(files, text(*rows(20)))
    with held_by_another() as living:
        living.kill()
        living.wait()
    (left,) = temporary.iterdir()
    (left / "part-00000.parquet").write_bytes(b"half")
    os.utime(left, (LONG_AGO, LONG_AGO))
    young, other = temporary / f"{PREFIX}young", temporary / "finlake-something-else"
    young.mkdir()
    other.mkdir()
    os.utime(other, (LONG_AGO, LONG_AGO))
    with held_by_another() as living:
        (held,) = set(temporary.iterdir()) - {left, young, other}
        os.utime(held, (LONG_AGO, LONG_AGO))
        assert lake.ingest("--from", path).status == 0
        assert set(temporary.iterdir()) == {young, other, held}
        living.kill()
    os.utime(held, (LONG_AGO, LONG_AGO))
    assert lake.ingest("--from", path).status == 0
    assert set(temporary.iterdir()) == {young, other}


@contextmanager
def held_by_another() -> Iterator["subprocess.Popen[str]"]:
    """A process that holds a workspace until it is killed."""
    hold = "from ingestion.workspace import workspace\nwith workspace() as it: print(it, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", hold], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline()
        yield process


def test_a_process_that_was_killed_again_and_again_leaves_nothing_half_and_nothing_twice(
    lake: LakeOfTest, tmp_path: Path
) -> None:
    contents = [
        text(*(row(codneg=f"AAA{index}", preult=str(number)) for index in range(30)))
        for number in range(FILES)
    ]
    for number, content in enumerate(contents):
        file(tmp_path, packed(content), f"{number:02d}.zip")
    command = [sys.executable, "-m", "ingestion", "b3", "quotes", "--from", str(tmp_path)]
    for after in (1, 4, 9):
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            while process.poll() is None and len(lake.objects("raw/b3_cotahist/")) < after:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
    lake.ingest("--from", tmp_path)
    hashes = {hashlib.sha256(content).hexdigest() for content in contents}
    landed = Counter(told["file_hash"] for told in lake.control() if told["status"] == "landed")
    assert landed == Counter(hashes)
    lines = Counter((one["file_hash"], one["line_number"]) for one in lake.raw())
    assert lines == Counter((file_hash, line) for file_hash in hashes for line in range(2, 32))
    assert len(lake.objects("files/")) == FILES
