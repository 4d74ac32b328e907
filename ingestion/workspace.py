"""Folders for what is under way, which are gone afterwards, even after a process that was killed."""

import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PREFIX = "finlake-ingestion-"
# A folder is made first and held then; one so young may be about to be held.
YOUNG_SECONDS = 60.0


@contextmanager
def workspace() -> Iterator[Path]:
    """A folder of its own in the temporary directory, held by a lock that ends with the process."""
    with TemporaryDirectory(prefix=PREFIX) as name:
        holding = os.open(name, os.O_RDONLY)
        try:
            fcntl.flock(holding, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield Path(name)
        finally:
            os.close(holding)


def sweep() -> None:
    """Remove the workspaces of this user that no process holds: those of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            _remove_unless_held(folder)
        except OSError:
            # held, or gone meanwhile, or not to be opened: the next sweep is as good
            continue


def _remove_unless_held(folder: Path) -> None:
    holding = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        found = os.fstat(holding)
        if found.st_uid != os.getuid() or time.time() - found.st_mtime < YOUNG_SECONDS:
            return
        fcntl.flock(holding, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
    finally:
        os.close(holding)
