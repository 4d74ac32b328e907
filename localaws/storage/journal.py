"""An append-only file of JSON lines, each of which is there whole or not at all."""

import json
import logging
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

Entry = dict[str, Any]

log = logging.getLogger(__name__)


class Journal:
    """A journal that is open for appending; the caller sees to it that one thread appends at a time."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("ab", buffering=0)

    def append(self, entry: Entry) -> None:
        """Write an entry; it outlives the process when this returns. Raises OSError, with no part written."""
        end = os.fstat(self._file.fileno()).st_size
        left = memoryview(_line(entry))
        try:
            while left:
                # of a disk that gets full, as much is written as there is room for
                left = left[self._file.write(left) :]
        except OSError:
            self._file.truncate(end)
            raise

    def close(self) -> None:
        """End it; what was appended is on the disk then."""
        os.fsync(self._file.fileno())
        self._file.close()


def read_journal(path: Path) -> Iterator[Entry]:
    """The entries in order; a last line that was cut when its process was killed is left out.

    Raises ValueError, with the line's number, when another line is damaged.
    """
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.endswith(b"\n"):
                log.warning(
                    "%s: line %s was cut; it was never confirmed to anybody and is left out", path, number
                )
                return
            try:
                yield json.loads(line)
            except ValueError as error:
                raise ValueError(f"line {number} is damaged: {error}") from None


def rewrite_journal(path: Path, entries: Iterable[Entry]) -> None:
    """Put another journal in its place, at one stroke."""
    partial = path.with_suffix(".partial")
    with partial.open("wb") as file:
        for entry in entries:
            file.write(_line(entry))
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def _line(entry: Entry) -> bytes:
    return json.dumps(entry, separators=(",", ":"), default=str).encode() + b"\n"
