"""What is wrong with files in real life, made on purpose and written down in `dirt.json`.

Files that have to be refused, copies and corrections stand beside the good file of their session, under its
name and a suffix; faults of single rows are all in one session's file, each in a row of its own at its end.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from samples.b3.files import END, Made, header, text, trailer, write
from samples.b3.market import Market
from samples.b3.rows import LINE, Rows, encode

CORRECTED, REMOVED = "VALE3", "ITUB4"
FAULTY_TICKER = "DIRT"


@dataclass(frozen=True, slots=True)
class DirtyFile:
    """A file with something wrong as a whole. `outcome` is the control table's status, `reason` its code."""

    file: str
    session: str
    kind: str
    outcome: str
    reason: str | None
    note: str


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """A row with a fault. `kept` tells whether it is a row of the market all the same, then flagged."""

    file: str
    line: int
    session: str
    fault: str
    ticker: str
    kept: bool


def make(market: Market, days: list[date], out: Path, ending: str) -> list[Made]:
    """Write the dirty files of a request and `dirt.json`; the session with faulty rows is among them."""
    pick = [days[len(days) * eighth // 8] for eighth in range(8)]
    made, files = _refused(market, pick[1:5], out)
    copy = out / f"COTAHIST_D{pick[0]:%d%m%Y}_copy{ending}"
    made.append(write(copy, [text(pick[0], encode(market.session(pick[0])).tobytes())]))
    files.append(
        DirtyFile(copy.name, str(pick[0]), "copy", "duplicate", None, "the session's file once more")
    )
    fixed, note = _corrected(market, pick[6], out, ending)
    made.append(fixed)
    files.append(DirtyFile(fixed.path.name, str(pick[6]), "correction", "landed", None, note))
    faulty, rows = _faulty(market, pick[5], out, ending)
    made.append(faulty)
    told = {"files": [asdict(one) for one in files], "rows": [asdict(row) for row in rows]}
    (out / "dirt.json").write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    return made


def _refused(market: Market, days: list[date], out: Path) -> tuple[list[Made], list[DirtyFile]]:
    made, files = [], []
    for day, (kind, (reason, note, spoil)) in zip(days, REFUSED.items(), strict=True):
        path = out / f"COTAHIST_D{day:%d%m%Y}_{kind}.ZIP"
        lines = encode(market.session(day)).tobytes()
        made.append(spoil(path, day, lines))
        files.append(DirtyFile(path.name, str(day), kind, "refused", reason, note))
    return made, files


def _cut(path: Path, day: date, lines: bytes) -> Made:
    whole = write(path, [text(day, lines)])
    packed = path.read_bytes()
    path.write_bytes(packed[: len(packed) * 2 // 3])
    return whole


def _no_trailer(path: Path, day: date, lines: bytes) -> Made:
    return write(path, [header(day), lines])


def _count_off(path: Path, day: date, lines: bytes) -> Made:
    rows = lines.count(b"\n")
    kept = lines[: len(lines) // LINE.itemsize // 2 * LINE.itemsize]
    return write(path, [header(day), kept, trailer(day, rows + 2)])


def _not_a_zip(path: Path, _day: date, _lines: bytes) -> Made:
    path.write_text("<html><body>Arquivo não encontrado.</body></html>\n", encoding="utf-8")
    return Made(path, 0, 0)


REFUSED: dict[str, tuple[str, str, Callable[[Path, date, bytes], Made]]] = {
    "cut": ("zip_cut", "the download ended after two thirds", _cut),
    "no_trailer": ("no_trailer", "the text ends without its trailer", _no_trailer),
    "count_off": ("trailer_count", "half of the rows are not there", _count_off),
    "not_a_zip": ("not_a_zip", "a page under the name of a ZIP", _not_a_zip),
}


def _corrected(market: Market, day: date, out: Path, ending: str) -> tuple[Made, str]:
    """The session again, later and right: one close is another, one paper is out."""
    rows = market.session(day)
    tickers = [ticker.decode() for ticker in rows["codneg"].tolist()]
    rows["preult"][tickers.index(CORRECTED)] += 7
    rows = rows[np.array([ticker != REMOVED for ticker in tickers])]
    path = out / f"COTAHIST_D{day:%d%m%Y}_corrected{ending}"
    note = f"{CORRECTED} closes 0.07 higher, {REMOVED} of the cash market is gone"
    return write(path, [text(day, encode(rows).tobytes())]), note


def _faulty(market: Market, day: date, out: Path, ending: str) -> tuple[Made, list[DirtyRow]]:
    rows = market.session(day)
    path = out / f"COTAHIST_D{day:%d%m%Y}{ending}"
    lines, told = encode(rows).tobytes(), []
    for number, (fault, (kept, change)) in enumerate(FAULTS.items()):
        template = rows[[ticker == b"PETR4" for ticker in rows["codneg"].tolist()]].copy()
        template["codneg"] = f"{FAULTY_TICKER}{number}".encode()
        line = change(template, day)
        ticker = line[12:24].decode("latin-1").strip()
        told.append(DirtyRow(path.name, len(rows) + 2 + number, str(day), fault, ticker, kept))
        lines += line
    return write(path, [text(day, lines)]), told


def _with(column: str, value: Any) -> Callable[[Rows, date], bytes]:
    def change(row: Rows, _: date) -> bytes:
        row[column] = value
        return encode(row).tobytes()

    return change


def _non_digit(row: Rows, _: date) -> bytes:
    line = encode(row).tobytes()
    return line[:110] + b"X" + line[111:]


def _other_date(row: Rows, day: date) -> bytes:
    row["data"] = int(f"{day - timedelta(days=1):%Y%m%d}")
    return encode(row).tobytes()


def _impossible_date(row: Rows, day: date) -> bytes:
    row["data"] = int(f"{day:%Y}0230")
    return encode(row).tobytes()


def _short_line(row: Rows, _: date) -> bytes:
    return encode(row).tobytes()[:200] + END


def _long_line(row: Rows, _: date) -> bytes:
    return encode(row).tobytes()[:245] + b"0000" + END


def _same_key(row: Rows, _: date) -> bytes:
    row["codneg"] = b"PETR4"
    row["preult"] += 11
    return encode(row).tobytes()


FAULTS: dict[str, tuple[bool, Callable[[Rows, date], bytes]]] = {
    "non_digit": (False, _non_digit),
    "impossible_date": (False, _impossible_date),
    "other_date": (False, _other_date),
    "zero_fatcot": (False, _with("fatcot", 0)),
    "duplicate_key": (False, _same_key),
    "short_line": (False, _short_line),
    "long_line": (False, _long_line),
    "unknown_codbdi": (True, _with("codbdi", b"Z9")),
    "unknown_tpmerc": (True, _with("tpmerc", 99)),
    "high_byte": (True, _with("nomres", "AÇÚCAR S/A".encode("latin-1"))),
}
