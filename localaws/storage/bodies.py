"""The bodies of S3's objects as files.

moto keeps each body in memory or, when it is larger, in an open file. Here each is a file that is opened when
it is read: memory and open files stay few whatever the lake's size, and a data folder needs no second copy.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

from moto.s3 import models


class Bodies:
    """A folder of bodies, each of which is removed when its object is disposed of."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create(self) -> "Body":
        """A new, empty body."""
        return self.open(uuid.uuid4().hex)

    def open(self, name: str) -> "Body":
        """The body of that name."""
        return Body(name, self.path(name), self)

    def path(self, name: str) -> Path:
        """Where a body is: in one of 256 folders, since a lake has many."""
        return self._folder / name[:2] / name

    def dispose(self, name: str) -> None:
        """Its object is gone."""
        self._remove(name)

    def _remove(self, name: str) -> None:
        self.path(name).unlink(missing_ok=True)


class KeptBodies(Bodies):
    """Bodies that a journal refers to: one is removed when its object is gone and the journal says so."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._kept: set[str] = set()
        self._disposed: set[str] = set()

    def dispose(self, name: str) -> None:
        """Its object is gone, which the journal may not say yet."""
        self._disposed.add(name)

    def keep(self, names: set[str]) -> None:
        """The journal is about to refer to these."""
        self._kept |= names

    def release(self, names: set[str]) -> None:
        """The journal refers to these no longer; what is disposed of and nowhere referred to goes as well."""
        self._kept -= names
        disposed = {name for name in self._disposed.copy() if name not in self._kept}
        self._disposed -= disposed
        for name in names | disposed:
            self._remove(name)

    def sweep(self) -> None:
        """Remove what the journal does not refer to: left by a process that was killed."""
        for file in self._folder.glob("*/*"):
            if file.name not in self._kept:
                file.unlink()


class Body:
    """The part of a file's interface that moto's S3 objects use.

    The position belongs to the thread: moto reads a body for its ETag without a lock.
    """

    def __init__(self, name: str, path: Path, bodies: Bodies) -> None:
        self.name = name
        self._path = path
        self._bodies = bodies
        self._closed = False
        self._thread = threading.local()

    def seek(self, position: int) -> None:
        """Where the next read or write of this thread begins."""
        self._thread.position = position

    def truncate(self) -> None:
        """Cut it off at the position."""
        if self._path.exists():
            with self._path.open("r+b") as file:
                file.truncate(self._position())

    def write(self, data: bytes) -> int:
        """Write at the position."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("r+b" if self._path.exists() else "wb") as file:
            file.seek(self._position())
            written = file.write(data)
        self.seek(self._position() + written)
        return written

    def read(self, size: int = -1) -> bytes:
        """Read from the position on. Raises ValueError when it is closed."""
        if self._closed:
            raise ValueError("I/O operation on closed file")
        with self._path.open("rb") as file:
            file.seek(self._position())
            data = file.read(size)
        self.seek(self._position() + len(data))
        return data

    def close(self) -> None:
        """Its object is gone."""
        self._closed = True
        self._bodies.dispose(self.name)

    def _position(self) -> int:
        return getattr(self._thread, "position", 0)


@contextmanager
def used_by_moto(bodies: Bodies) -> Iterator[None]:
    """While the block runs, the bodies of moto's S3 objects are these."""
    before = models.tempfile
    # moto's only use of the module: SpooledTemporaryFile(max_size), by position or by name, once per object.
    models.tempfile = SimpleNamespace(SpooledTemporaryFile=lambda max_size: bodies.create())  # noqa: ARG005
    try:
        yield
    finally:
        models.tempfile = before
