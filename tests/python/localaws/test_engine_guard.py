"""The guard: what it runs ends with whoever started it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from localaws.engine import guard
from tests.python.localaws.processes import has_ended, until

# A parent that starts a guarded `sleep`, tells both process ids, and then does nothing.
PARENT = """
import subprocess, sys, time
process = subprocess.Popen([sys.executable, sys.argv[1], *sys.argv[2:]], stdin=subprocess.PIPE)
print(process.pid, flush=True)
time.sleep(600)
"""
SLEEP = (sys.executable, "-c", "import time; time.sleep(600)")
STUBBORN = (
    sys.executable,
    "-c",
    "from signal import *; import time; signal(SIGTERM, SIG_IGN); print(1, flush=True); time.sleep(600)",
)


def guarded(*command: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, guard.__file__, *command], stdin=subprocess.PIPE)


def child_of(pid: int) -> psutil.Process:
    assert until(lambda: bool(psutil.Process(pid).children()))
    return psutil.Process(pid).children()[0]


def test_the_status_of_the_command_is_passed_on() -> None:
    process = guarded(sys.executable, "-c", "raise SystemExit(7)")

    assert process.wait(10) == 7


def test_the_command_ends_when_the_pipe_does() -> None:
    process = guarded(*SLEEP)
    command = child_of(process.pid)

    process.communicate(timeout=10)

    assert has_ended(command)


def test_the_command_ends_when_the_parent_is_killed() -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, guard.__file__, *SLEEP], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    guard_pid = int(parent.stdout.readline())
    command = child_of(guard_pid)

    os.kill(parent.pid, signal.SIGKILL)
    parent.communicate()

    assert until(lambda: has_ended(command))


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a process that its parent has died")
def test_the_command_ends_when_the_guard_is_killed() -> None:
    process = guarded(*SLEEP)
    command = child_of(process.pid)

    process.kill()
    process.communicate()

    assert until(lambda: has_ended(command))


def test_a_command_that_does_not_stop_is_killed(tmp_path: Path) -> None:
    quick = tmp_path / "guard.py"
    quick.write_text(Path(guard.__file__).read_text().replace("GRACE_SECONDS = 10", "GRACE_SECONDS = 0.2"))
    process = subprocess.Popen(
        [sys.executable, str(quick), *STUBBORN], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    command = child_of(process.pid)

    process.communicate(timeout=10)

    assert has_ended(command)
