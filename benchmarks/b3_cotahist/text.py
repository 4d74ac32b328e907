"""The text that all contenders read: B3's own rows, or generated ones, repeated until it is long enough."""

import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from samples.b3.cotahist import Request, make
from samples.b3.files import END, header, trailer

GENERATED = Request(Path(), date(2025, 1, 2), date(2025, 1, 31), tickers=1500)
# an older date: of these both a day's and a year's file count header and trailer
DATED = date(2024, 12, 30)


def rows_of(source: Path | None) -> bytes:
    """All rows of the files at `source` (a file or a folder), with CRLF; generated ones without a source."""
    if source is None:
        with TemporaryDirectory() as folder:
            made = make(Request(Path(folder), GENERATED.first, GENERATED.last, GENERATED.tickers))
            return rows_of(made[0].path.parent)
    files = [source] if source.is_file() else sorted(source.iterdir())
    texts = (text for file in files for text in _texts(file))
    lines = (line.rstrip(b"\r") for text in texts for line in text.split(b"\n"))
    return b"".join(line + END for line in lines if line.startswith(b"01") and len(line) == 245)


def write(rows: bytes, size: int, folder: Path) -> Path:
    """A text of about `size` bytes; the same in a ZIP is beside it."""
    stride = 245 + len(END)
    count = max(size // stride, 1)
    text = folder / f"COTAHIST_{size // 1_000_000}MB.TXT"
    with text.open("wb") as file:
        file.write(header(DATED))
        left = count
        while left > 0:
            some = rows[: left * stride]
            file.write(some)
            left -= len(some) // stride
        file.write(trailer(DATED, count + 2))
    with zipfile.ZipFile(text.with_suffix(".ZIP"), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(text, text.name)
    return text


def _texts(file: Path) -> Iterator[bytes]:
    if file.suffix.lower() == ".txt":
        yield file.read_bytes()
    elif file.suffix.lower() == ".zip":
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                yield archive.read(name)
