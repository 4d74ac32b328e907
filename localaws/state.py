"""What is up on this machine: one file per port, written by the server that holds the port's lock.

The lock ends with its process, also when that is killed, so a file without a lock is what a dead server left.
"""

import fcntl
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

from localaws.paths import state_dir

POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ServerState:
    """A server that is up; `started` in seconds since 1970, `engine_lost`: why its SQL engine is gone."""

    pid: int
    port: int
    endpoint_url: str
    environment: dict[str, str]
    data_dir: str | None
    heap_mib: int
    trino_version: str
    started: float
    engine_lost: str | None = None


class AlreadyClaimedError(Exception):
    """Another server has the port, or is on its way to it."""


def log_file(port: int) -> Path:
    """Where a detached server writes."""
    return state_dir() / f"localaws-{port}.log"


@contextmanager
def claimed(port: int) -> Iterator[None]:
    """Hold the port's lock while the block runs. Raises AlreadyClaimedError when another server does."""
    state_dir().mkdir(parents=True, exist_ok=True)
    with _lock_file(port).open("a") as file:
        if not _lock_patiently(file):
            raise AlreadyClaimedError
        _state_file(port).unlink(missing_ok=True)
        try:
            yield
        finally:
            _state_file(port).unlink(missing_ok=True)


def publish(state: ServerState) -> None:
    """Say that the server is up; the caller holds the port's lock."""
    path = _state_file(state.port)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(asdict(state), indent=2))
    # Credentials of a local AWS are no secret, but a state file is nobody else's business.
    partial.chmod(0o600)
    partial.replace(path)


def is_claimed(port: int) -> bool:
    """Whether a server is up or on its way up."""
    path = _lock_file(port)
    if not path.exists():
        return False
    with path.open("a") as file:
        return not _lock(file)


def current(port: int) -> ServerState | None:
    """The server that is up on the port; none while it starts, and none that has died."""
    if not is_claimed(port):
        return None
    try:
        return ServerState(**json.loads(_state_file(port).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def wait_up(port: int, seconds: float) -> ServerState | None:
    """The server that another process is starting, once it is up; None when it gave up or takes too long."""
    deadline = time.monotonic() + seconds
    while is_claimed(port) and time.monotonic() < deadline:
        state = current(port)
        if state is not None:
            return state
        time.sleep(POLL_SECONDS)
    return None


def wait_down(port: int, seconds: float) -> bool:
    """Whether the server has ended within so many seconds."""
    deadline = time.monotonic() + seconds
    while is_claimed(port):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _lock(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _lock_patiently(file: TextIO) -> bool:
    # Whoever asks whether the port is claimed holds its lock for an instant.
    for _ in range(5):
        if _lock(file):
            return True
        time.sleep(POLL_SECONDS)
    return False


def _lock_file(port: int) -> Path:
    return state_dir() / f"localaws-{port}.lock"


def _state_file(port: int) -> Path:
    return state_dir() / f"localaws-{port}.json"
