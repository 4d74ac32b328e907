"""The text inside a received file, plain or in a ZIP, read as a stream and never unpacked to disk."""

import codecs
import hashlib
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedIOBase, RawIOBase
from pathlib import Path, PurePosixPath
from typing import IO, cast

from ingestion.inflate import Inflated
from ingestion.refusal import Refusal

ZIP_MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
# What reading a ZIP raises where its bytes make no sense; a RuntimeError for some of them.
DAMAGES = (
    zipfile.BadZipFile,
    EOFError,
    OSError,
    ValueError,
    OverflowError,
    RuntimeError,
    struct.error,
    zlib.error,
)
Stream = RawIOBase | BufferedIOBase
BOMB_RATIO = 100
SHOWN_BYTES = 8
BOMB_FLOOR_BYTES = 64 << 20

FETCH_AGAIN = "Fetch the file again and land that one; this copy is kept under files/ as it came."


class Text:
    """The text of one received file, read once, in order.

    `sha256` is known when it was read to its end, and None before; of a text that `is_packed` it is not the
    file's own.
    """

    def __init__(
        self,
        stream: Stream,
        on_read: Callable[[float], None],
        damages: tuple[type[Exception], ...] = (),
        *,
        is_packed: bool = False,
    ) -> None:
        self.is_packed = is_packed
        self._stream = stream
        self._on_read = on_read
        self._damages = damages
        self._digest = hashlib.sha256()
        self.sha256: str | None = None

    def read_into(self, room: memoryview) -> int:
        """Read on into `room`: how many bytes came, 0 at the end. Raises Refusal when a ZIP is damaged."""
        try:
            size = self._stream.readinto(room) or 0
        except self._damages as error:
            detail = f"The ZIP cannot be read to its end: {error}."
            raise Refusal("zip_cut", detail, FETCH_AGAIN) from error
        self._digest.update(room[:size])
        self._on_read(size)
        if not size:
            self.sha256 = self._digest.hexdigest()
        return size

    def pieces(self, size: int) -> Iterator[bytes]:
        """The bytes of the text, `size` at a time. Raises Refusal when a ZIP turns out to be damaged."""
        room = memoryview(bytearray(size))
        while got := self.read_into(room):
            yield bytes(room[:got])


@contextmanager
def open_text(path: Path, on_read: Callable[[float], None]) -> Iterator[Text]:
    """The text of the file at `path`: the only member of a ZIP, or the file itself.

    `on_read` hears, after each piece, how many bytes of the file at `path` it accounts for. Raises Refusal
    when the file is named or begins like a ZIP and is none that can be read safely.
    """
    with path.open("rb") as file:
        magic = file.read(4)
        file.seek(0)
        if magic in ZIP_MAGIC:
            with _only_member(file) as (member, info):
                packed = path.stat().st_size / max(info.file_size, 1)
                yield Text(member, lambda size: on_read(size * packed), DAMAGES, is_packed=True)
            return
        if path.suffix.lower() == ".zip" and magic:
            begins = beginning(file.read(60))
            raise Refusal("not_a_zip", f"It is not a ZIP; it begins with {begins}.", FETCH_AGAIN)
        yield Text(file, on_read)


@contextmanager
def _only_member(file: IO[bytes]) -> Iterator[tuple[Stream, zipfile.ZipInfo]]:
    try:
        archive = zipfile.ZipFile(file)
    except DAMAGES as error:
        detail = f"It begins like a ZIP and has no directory at its end ({error}): it was cut."
        raise Refusal("zip_cut", detail, FETCH_AGAIN) from error
    with archive:
        info = _checked(archive)
        try:
            member = cast(BufferedIOBase, archive.open(info))
        except DAMAGES as error:
            raise Refusal("zip_cut", f"The ZIP cannot be read: {error}.", FETCH_AGAIN) from error
        with member:
            yield (Inflated(file, info) if info.compress_type == zipfile.ZIP_DEFLATED else member), info


def _checked(archive: zipfile.ZipFile) -> zipfile.ZipInfo:
    members = [info for info in archive.infolist() if not info.is_dir()]
    for info in members:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in "".join(name.parts[:1]):
            raise Refusal(
                "zip_unsafe_path",
                f"The ZIP has a member with an unsafe path: {info.filename!r}.",
                "Do not trust where it came from; fetch the file from its source.",
            )
    if len(members) != 1:
        names = ", ".join(info.filename for info in members[:5]) or "none"
        raise Refusal(
            "zip_members",
            f"The ZIP has {len(members)} members ({names}), expected exactly one.",
            "Unpack it and land the files one by one.",
        )
    info = members[0]
    if info.flag_bits & 0x1:
        raise Refusal("zip_encrypted", f"{info.filename} in the ZIP is encrypted.", "Land it decrypted.")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        detail = f"{info.filename} in the ZIP is packed by method {info.compress_type}, not by deflate."
        raise Refusal("zip_unsupported", detail, "Pack it again with deflate, or land it unpacked.")
    if info.file_size > BOMB_FLOOR_BYTES and info.file_size > BOMB_RATIO * max(info.compress_size, 1):
        raise Refusal(
            "zip_bomb",
            f"{info.filename} in the ZIP would grow from {info.compress_size} to {info.file_size} bytes, "
            f"more than {BOMB_RATIO} times.",
            "No exchange's file packs so well; look at where it came from.",
        )
    return info


def beginning(content: bytes) -> str:
    """How a file of unknown encoding begins, to be shown: as text without a cut character, else its bytes."""
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(content)
    except UnicodeDecodeError:
        text = content.decode("latin-1")
    if all(character.isprintable() or character.isspace() for character in text):
        return repr(text)
    return f"the bytes {content[:SHOWN_BYTES].hex(' ')}"
