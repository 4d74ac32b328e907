"""The folder of a server that keeps nothing: gone with it, or at the next start when it was killed."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "finlake-localaws-"
LOCK = "lock"


@contextmanager
def momentary() -> Iterator[Path]:
    """An empty folder while the block runs; what killed servers left behind is removed first."""
    sweep(Path(tempfile.gettempdir()))
    with tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True) as folder:
        unlocked = Path(folder) / f"{LOCK}.new"
        with unlocked.open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            # It gets its name when it is locked: no sweep ever sees a living server's without its lock.
            unlocked.rename(unlocked.with_name(LOCK))
            content = Path(folder) / "content"
            content.mkdir()
            yield content


def sweep(parent: Path) -> None:
    """Remove the folders in it whose server has died: a lock ends with its process."""
    for file in parent.glob(f"{PREFIX}*/{LOCK}"):
        # Another user's is that user's to remove, or another server is at it already.
        with suppress(OSError):
            _remove_unlocked(file)


def _remove_unlocked(file: Path) -> None:
    folder = file.parent
    if folder.is_symlink() or folder.stat().st_uid != os.getuid():
        return
    with file.open("r+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder / "content", ignore_errors=True)
        if not (folder / "content").exists():
            # Last, so that what could not be removed is found again.
            shutil.rmtree(folder)
