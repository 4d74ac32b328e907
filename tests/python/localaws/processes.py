"""Processes that a test waits for the end of."""

import time
from collections.abc import Callable

import psutil


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
