"""The bodies of S3's objects as files.

moto keeps each body in memory or, when it is larger, in an open file. Here each is a file that is opened when
it is read: memory and open files stay few whatever the lake's size, and a data folder needs no second copy.
"""

import os
import uuid
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO


class BodyGoneError(Exception):
    """The object was deleted or written over just now: who asks again gets what is there instead."""


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
    """A file's content; the file is gone when the object is."""

    def __init__(self, name: str, path: Path, bodies: Bodies) -> None:
        self.name = name
        self._path = path
        self._bodies = bodies
        self._closed = False

    def write(self) -> BinaryIO:
        """A file to write the content into, anew."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return self._path.open("wb")

    def read(self) -> BufferedReader:
        """A file to read the content from, whatever becomes of the object. Raises BodyGoneError."""
        if self._closed:
            raise BodyGoneError
        try:
            return self._path.open("rb")
        except FileNotFoundError:
            raise BodyGoneError from None

    def copy(self) -> "Body":
        """Another body of the same content, which costs no more than a name. Raises BodyGoneError."""
        other = self._bodies.create()
        other._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(self._path, other._path)
        except FileNotFoundError:
            raise BodyGoneError from None
        return other

    def close(self) -> None:
        """Its object is gone."""
        if not self._closed:
            self._closed = True
            self._bodies.dispose(self.name)
