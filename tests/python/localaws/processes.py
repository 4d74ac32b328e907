"""Processes that a test starts, and waits for the end of."""

import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil


def started(*arguments: str, **options: Any) -> tuple[subprocess.Popen[str], str]:
    """A Python process that ends when its standard input does, and the line that it says once it is ready.

    The line is empty when it ended before that.
    """
    process = subprocess.Popen(
        [sys.executable, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )
    assert process.stdout is not None
    return process, process.stdout.readline().strip()


def until(condition: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether the condition comes true within so many seconds."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def has_ended(process: psutil.Process) -> bool:
    """Whether it has ended; nobody may have collected its status yet."""
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True
