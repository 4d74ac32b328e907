"""S3's checksum of an upload in parts, from chunks as they pass: moto wants whole parts, in memory."""

import base64
import hashlib
import zlib
from typing import Protocol


class _Digest(Protocol):
    def update(self, chunk: bytes, /) -> None: ...

    def digest(self) -> bytes: ...


class _Crc32:
    """Also for CRC32C and CRC64NVME, as moto has it where their libraries are not."""

    def __init__(self) -> None:
        self._value = 0

    def update(self, chunk: bytes, /) -> None:
        self._value = zlib.crc32(chunk, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4, "big")


def _digest(algorithm: str) -> _Digest:
    return hashlib.new(algorithm, usedforsecurity=False) if algorithm.startswith("SHA") else _Crc32()


class PartsChecksum:
    """The checksum of the parts' checksums (`COMPOSITE`), or of all content (`FULL_OBJECT`)."""

    def __init__(self, algorithm: str, kind: str | None) -> None:
        self._algorithm = algorithm
        self._kind = kind or ("FULL_OBJECT" if algorithm == "CRC64NVME" else "COMPOSITE")
        self._whole = _digest(algorithm)
        self._part = _digest(algorithm)
        self._parts = 0

    def update(self, chunk: bytes) -> None:
        """The next chunk of the part that is passing."""
        (self._part if self._kind == "COMPOSITE" else self._whole).update(chunk)

    def end_part(self) -> None:
        """What comes is the next part's."""
        self._parts += 1
        if self._kind == "COMPOSITE":
            self._whole.update(self._part.digest())
            self._part = _digest(self._algorithm)

    def result(self) -> tuple[str, str, int]:
        """Kind, value and number of parts, as moto keeps them."""
        value = base64.b64encode(self._whole.digest()).decode()
        return self._kind, value, self._parts if self._kind == "COMPOSITE" else 1
