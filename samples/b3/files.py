"""COTAHIST's files: header, lines and trailer in a ZIP, as B3 publishes them."""

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

LINE_WIDTH = 245
END = b"\r\n"
PACKED_AT = (2026, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its path, how many rows, and how many bytes of text are in it."""

    path: Path
    rows: int
    text_bytes: int


def header(day: date) -> bytes:
    """Line 1, dated `day`."""
    return f"00COTAHIST.{day.year}BOVESPA {day:%Y%m%d}".ljust(LINE_WIDTH).encode() + END


def trailer(day: date, count: int) -> bytes:
    """The last line, with TOTREG `count`."""
    return f"99COTAHIST.{day.year}BOVESPA {day:%Y%m%d}{count:011d}".ljust(LINE_WIDTH).encode() + END


def text(day: date, lines: bytes, counted_besides: int = 2) -> bytes:
    """A whole text: TOTREG counts the lines and `counted_besides` more, 2 in daily files."""
    return header(day) + lines + trailer(day, lines.count(b"\n") + counted_besides)


def write(path: Path, pieces: Iterable[bytes]) -> Made:
    """Write the pieces of a text to `path`: a ZIP with one member, or the text itself where it says .TXT."""
    lines = size = 0
    if path.suffix.upper() == ".TXT":
        with path.open("wb") as file:
            for piece in pieces:
                file.write(piece)
                lines, size = lines + piece.count(b"\n"), size + len(piece)
        return Made(path, lines - 2, size)
    info = zipfile.ZipInfo(path.with_suffix(".TXT").name, PACKED_AT)
    info.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(path, "w") as archive, archive.open(info, "w", force_zip64=True) as member:
        for piece in pieces:
            member.write(piece)
            lines, size = lines + piece.count(b"\n"), size + len(piece)
    return Made(path, lines - 2, size)
