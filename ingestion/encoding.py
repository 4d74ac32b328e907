"""Which characters the bytes of a text stand for: UTF-8, with or without BOM, else latin-1."""

import codecs
from collections.abc import Iterable, Iterator
from typing import Literal

from ingestion.refusal import Refusal

Encoding = Literal["utf-8", "latin-1"]

WIDE = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
SAVE_AS_UTF8 = "Save it as UTF-8 (or latin-1) and land that file; this one is kept under files/ as it came."


def plain(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The pieces of a text without its BOM. Raises Refusal when they are UTF-16 or 32, or no text at all."""
    at = 0
    for piece in pieces:
        if at == 0 and piece.startswith(WIDE):
            detail = "The text is UTF-16 or UTF-32, by its first bytes; UTF-8 and latin-1 are read."
            raise Refusal("unreadable_encoding", detail, SAVE_AS_UTF8)
        if (zero := piece.find(b"\0")) >= 0:
            detail = f"Byte {at + zero + 1} is zero: that is no text in UTF-8 or latin-1."
            raise Refusal("unreadable_encoding", detail, SAVE_AS_UTF8)
        yield piece if at else piece.removeprefix(codecs.BOM_UTF8)
        at += len(piece)


def found_in(text: bytes) -> Encoding | None:
    """The encoding that some whole lines show; None when all of it is ASCII, which is the same in both."""
    if text.isascii():
        return None
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def as_utf8(text: bytes, encoding: Encoding | None, first_line: int) -> bytes:
    """The same characters in UTF-8. Raises Refusal when a text that was UTF-8 so far goes on otherwise.

    `first_line` is the number of the first line of `text`.
    """
    if text.isascii():
        return text
    if encoding == "latin-1":
        return text.decode("latin-1").encode("utf-8")
    try:
        codecs.utf_8_decode(text, "strict", True)
    except UnicodeDecodeError as error:
        line = first_line + text.count(b"\n", 0, error.start)
        detail = f"Line {line} is not UTF-8, and lines before it are: the file is in two encodings."
        raise Refusal("unreadable_encoding", detail, SAVE_AS_UTF8, line=line) from error
    return text
