"""COTAHIST's lines written by hand, without the layout that is tested with them."""

import io
import zipfile
from pathlib import Path

WIDTHS = {
    "tipreg": 2,
    "data": 8,
    "codbdi": 2,
    "codneg": 12,
    "tpmerc": 3,
    "nomres": 12,
    "especi": 10,
    "prazot": 3,
    "modref": 4,
    "preabe": 13,
    "premax": 13,
    "premin": 13,
    "premed": 13,
    "preult": 13,
    "preofc": 13,
    "preofv": 13,
    "totneg": 5,
    "quatot": 18,
    "voltot": 18,
    "preexe": 13,
    "indopc": 1,
    "datven": 8,
    "fatcot": 7,
    "ptoexe": 13,
    "codisi": 12,
    "dismes": 3,
}
TEXTS = ("codbdi", "codneg", "nomres", "especi", "prazot", "modref", "codisi")
USUAL = {
    "tipreg": "01",
    "data": "20260306",
    "codbdi": "02",
    "codneg": "PETR4",
    "tpmerc": "010",
    "nomres": "PETROBRAS",
    "especi": "PN      N2",
    "modref": "R$",
    "preult": "4211",
    "totneg": "9463",
    "quatot": "87228000",
    "voltot": "369345177100",
    "datven": "99991231",
    "fatcot": "1",
    "codisi": "BRPETRACNPR6",
    "dismes": "224",
}


def row(**fields: str) -> bytes:
    """One line of type 01 without its end; what is not given is PETR4 on 2026-03-06."""
    values = USUAL | fields
    line = "".join(
        f"{values.get(name, ''):<{width}}" if name in TEXTS else f"{values.get(name, ''):0>{width}}"
        for name, width in WIDTHS.items()
    )
    return line.encode("latin-1")


def header(date: str = "20260306") -> bytes:
    return f"00COTAHIST.{date[:4]}BOVESPA {date}".ljust(245).encode()


def trailer(count: int, date: str = "20260306") -> bytes:
    return f"99COTAHIST.{date[:4]}BOVESPA {date}{count:011d}".ljust(245).encode()


def text(*lines: bytes, count: int | None = None, date: str = "20260306", end: bytes = b"\r\n") -> bytes:
    """A whole file of the lines given; TOTREG is their number and two, unless it is given."""
    counted = len(lines) + 2 if count is None else count
    return b"".join(line + end for line in (header(date), *lines, trailer(counted, date)))


def rows(number: int, **fields: str) -> list[bytes]:
    """So many rows of different tickers."""
    return [row(codneg=f"AAA{index}", **fields) for index in range(number)]


def packed(content: bytes, member: str = "COTAHIST_D06032026.TXT") -> bytes:
    """A ZIP with one member."""
    return zipped({member: content})


def zipped(members: dict[str, bytes]) -> bytes:
    """A ZIP with the members given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def file(folder: Path, content: bytes, name: str = "COTAHIST_D06032026.TXT") -> Path:
    """A file of this content."""
    path = folder / name
    path.write_bytes(content)
    return path
