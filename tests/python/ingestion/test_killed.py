"""Killed with no warning, at moments nobody chose, and run again."""

import hashlib
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

from tests.python.ingestion.conftest import LakeOfTest
from tests.python.ingestion.cotahist_lines import file, packed, row, text

FILES = 20


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
