"""moto's S3 objects and uploads in parts, with bodies that are files and never in memory as a whole.

moto hands bodies around as bytes. Here an object's content goes past it: what a request brought is in a file
already when moto makes the object (`received`), and what an answer is to bring is noted when moto reads the
object (`delivered`) and sent from its file afterwards.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import partial
from types import SimpleNamespace
from typing import Any

import moto.s3.responses  # noqa: F401 (here, so that its FakeKey is moto's own, also once ours is put in its place)
from moto.s3 import models
from moto.s3.exceptions import EntityTooSmall, InvalidPart, MalformedXML

from localaws.storage.bodies import Bodies, Body
from localaws.storage.checksum import PartsChecksum

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Received:
    """A body that is there whole; `etag` as S3 makes it, without quotes."""

    body: Body
    size: int
    etag: str | None


@dataclass(slots=True)
class Passing:
    """What goes past moto in one request.

    `delivers`: the object that is read is the answer's body; `copies`: it is the body of the next one made.
    """

    received: Received | None = None
    delivers: bool = False
    copies: bool = False
    delivered: "StoredKey | None" = None


_PASSING: ContextVar[Passing | None] = ContextVar("passing", default=None)


@contextmanager
def passing(what: Passing) -> Iterator[Passing]:
    """While the block runs, this goes past moto; a body that it has not taken is removed."""
    token = _PASSING.set(what)
    try:
        yield what
    finally:
        _PASSING.reset(token)
        if what.received is not None:
            what.received.body.close()


class StoredKey(models.FakeKey):  # type: ignore[misc]
    """An object, one version of it, or a part of an upload."""

    _value_buffer: Body
    _etag: str | None
    contentsize: int

    @property
    def value(self) -> bytes:
        """The whole content, for what moto itself does with it. Raises BodyGoneError."""
        what = _PASSING.get()
        if what is not None and what.delivers and what.delivered is None:
            what.delivered = self
            return b""
        if what is not None and what.copies and what.received is None:
            what.copies = False
            # The ETag of an object that came in parts is made of theirs.
            etag = None if self._etag is None or "-" in self._etag else self._etag
            what.received = Received(self._value_buffer.copy(), self.contentsize, etag)
            return b""
        with self._value_buffer.read() as file:
            return file.read()

    @value.setter
    def value(self, content: bytes | str) -> None:
        what = _PASSING.get()
        if what is not None and what.received is not None and not content:
            self._take(what.received)
            what.received = None
            return
        data = content.encode() if isinstance(content, str) else content
        with self._value_buffer.write() as file:
            file.write(data)
        self.contentsize = len(data)

    def _take(self, received: Received) -> None:
        self._value_buffer = received.body
        self.contentsize = received.size
        self._etag = self._etag or received.etag

    @property
    def etag(self) -> str:
        """Quoted; of an object that came in one piece the MD5 of its content."""
        if self._etag is None:
            with self._value_buffer.read() as file:
                self._etag = hashlib.file_digest(file, md5).hexdigest()
        return f'"{self._etag}"'


class StoredMultipart(models.FakeMultipart):  # type: ignore[misc]
    """An upload in parts."""

    parts: dict[int, StoredKey]

    def complete(self, body: Iterator[tuple[int, str]]) -> tuple[bytes, str, tuple[str, str, int] | None]:
        """Put the parts together. Raises what S3 answers when one is missing, another or too small."""
        parts = self._named_parts(body)
        whole: Body = models.tempfile.SpooledTemporaryFile(0)
        checksum = self._checksum()
        with whole.write() as file:
            for part in parts:
                with part._value_buffer.read() as content:
                    for chunk in iter(partial(content.read, CHUNK_BYTES), b""):
                        file.write(chunk)
                        if checksum is not None:
                            checksum.update(chunk)
                if checksum is not None:
                    checksum.end_part()
        digests = b"".join(bytes.fromhex(part.etag.strip('"')) for part in parts)
        etag = f"{md5(digests).hexdigest()}-{len(parts)}"
        what = _PASSING.get()
        if what is None:
            raise RuntimeError("An upload in parts is completed by a request only")
        what.received = Received(whole, sum(part.contentsize for part in parts), etag)
        # Their sizes are asked for later on, their contents never.
        self.dispose()
        return b"", etag, checksum.result() if checksum is not None else None

    def _named_parts(self, body: Iterator[tuple[int, str]]) -> list[StoredKey]:
        parts: list[StoredKey] = []
        for number, etag in body:
            part = self.parts.get(number)
            if part is None or part.etag.strip('"') != etag.strip('"'):
                raise InvalidPart
            if parts and parts[-1].contentsize < models.S3_UPLOAD_PART_MIN_SIZE:
                raise EntityTooSmall
            parts.append(part)
        if not parts:
            raise MalformedXML
        return parts

    def _checksum(self) -> PartsChecksum | None:
        algorithm = self.metadata.get("x-amz-checksum-algorithm")
        return PartsChecksum(algorithm, self.metadata.get("x-amz-checksum-type")) if algorithm else None


def md5(data: bytes = b"") -> Any:
    """MD5 as S3's ETags have it: a name of the content, no protection."""
    return hashlib.md5(data, usedforsecurity=False)


@contextmanager
def used_by_moto(bodies: Bodies) -> Iterator[None]:
    """While the block runs, moto's S3 objects are these, and their bodies are in that folder."""
    before = models.tempfile, models.FakeKey, models.FakeMultipart
    # moto's only use of the module: SpooledTemporaryFile(max_size), by position or by name, once per object.
    models.tempfile = SimpleNamespace(SpooledTemporaryFile=lambda max_size: bodies.create())  # noqa: ARG005
    models.FakeKey, models.FakeMultipart = StoredKey, StoredMultipart
    try:
        yield
    finally:
        models.tempfile, models.FakeKey, models.FakeMultipart = before
