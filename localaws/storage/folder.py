"""The data folder: whose it is, and that one server has it at a time."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from localaws.errors import LocalAwsError

FORMAT = {"what": "finlake local AWS", "format": 1}
MARKER = "localaws.json"


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Where things are in it."""

    root: Path

    @property
    def bodies(self) -> Path:
        return self.root / "objects"

    @property
    def journal(self) -> Path:
        return self.root / "journal.jsonl"


@contextmanager
def opened(root: Path) -> Iterator[DataFolder]:
    """The folder, made when it is not there, locked while the block runs.

    Raises LocalAwsError when it is another server's at the moment, or holds something else.
    """
    try:
        root.mkdir(parents=True, exist_ok=True)
        _check_ours(root)
        lock = (root / "lock").open("w")
    except OSError as error:
        raise LocalAwsError(
            f"The data folder {root} cannot be used.", str(error), "Choose another one: --data-dir DIR"
        ) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalAwsError(
                f"The data folder {root} is in use.",
                "Another local AWS has it.",
                "Use that one, stop it, or choose another folder: --data-dir DIR",
            ) from None
        yield DataFolder(root)


def _check_ours(root: Path) -> None:
    marker = root / MARKER
    if not marker.exists():
        if any(file.name != "lock" for file in root.iterdir()):
            raise LocalAwsError(
                f"{root} is no data folder of the local AWS.",
                "It has other things in it.",
                "Choose a new or an empty folder: --data-dir DIR",
            )
        marker.write_text(json.dumps(FORMAT) + "\n")
    elif json.loads(marker.read_text() or "{}") != FORMAT:
        raise LocalAwsError(
            f"The data folder {root} has another format.",
            "Another version of the local AWS made it.",
            "Use that version, or choose another folder: --data-dir DIR",
        )
