"""Where the demo's files come from: the project's generator, a folder, or B3."""

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

from ingestion.cards.names import named

# A year in one file is the history that 200-session means and 52-week extremes need;
# then comes a file a day, as B3 sends them.
YEAR = 2025
LAST_SESSION, LAST_MONTH = date(2026, 3, 5), "2026-02"
CUSTOMERS = "2000"
COMPANIES = ("--company", "PETR", "--company", "VALE", "--company", "ITUB")
ANSWERS = ("index-levels", "index-portfolio", "corporate-actions")
QUOTES, CARDS = ("b3", "quotes"), ("cards",)


@dataclass(frozen=True, slots=True)
class Source:
    """What to run before and for landing, and the folder in which this source's lake is kept.

    `as_of` is the day on which the files are looked at, where it is not today.
    """

    title: str
    lake: Path
    prepare: list[list[str]]
    land: list[list[str]]
    as_of: date | None = None


def source(origin: str, today: date, home: Path) -> Source:
    """What `--from` names: `samples`, `b3`, or a path; its lake is a folder of its own in `home`.

    Raises FileNotFoundError when the path does not exist.
    """
    if origin == "samples":
        return _samples(home)
    if origin == "b3":
        return _b3(today, home)
    path = Path(origin)
    if not path.exists():
        raise FileNotFoundError(origin)
    whole = path.resolve()
    key = sha256(str(whole).encode()).hexdigest()[:8]
    lake = home / f"lake-of-{whole.stem.lower()}-{key}"
    command = CARDS if _has_cards(path) else QUOTES
    return Source(f"the files of {origin}", lake, [], [_ingest(*command, "--from", origin)])


def _has_cards(path: Path) -> bool:
    entries = path.iterdir() if path.is_dir() else [path]
    return any(named(entry.name) for entry in entries)


def _samples(home: Path) -> Source:
    year, days, answers, cards = (
        str(home / "samples" / name) for name in ("year", "days", "answers", "cards")
    )
    first_day = f"{YEAR + 1}-01-02"
    return Source(
        "generated files, some of them broken on purpose: quotes of a year and of two months of days,"
        " B3's answers about the IBOV and three companies, invoices and payments of 14 months",
        home / "lake-samples",
        [
            _make("b3 cotahist", year, f"{YEAR}-01-02", f"{YEAR}-12-30", "--as", "year"),
            _make("b3 cotahist", days, first_day, LAST_SESSION.isoformat(), "--dirt"),
            _make("b3 services", answers, f"{YEAR}-01-02", LAST_SESSION.isoformat(), *COMPANIES),
            _make("cards", cards, f"{YEAR}-01", LAST_MONTH, "--customers", CUSTOMERS, "--dirt"),
        ],
        [
            _ingest(*QUOTES, "--from", year),
            _ingest(*QUOTES, "--from", days),
            *(_ingest("b3", answer, "--from", f"{answers}/{answer}") for answer in ANSWERS),
            _ingest(*CARDS, "--from", cards),
            _ingest(*CARDS, "--from", f"{cards}/later"),
        ],
        as_of=LAST_SESSION + timedelta(days=1),
    )


def _b3(today: date, home: Path) -> Source:
    months = [today.replace(day=1) - timedelta(days=1)]
    months.insert(0, months[0].replace(day=1) - timedelta(days=1))
    return Source(
        f"B3's files of {months[0]:%Y-%m} and {months[1]:%Y-%m}",
        home / "lake-b3",
        [],
        [_ingest(*QUOTES, "--month", f"{month:%Y-%m}") for month in months],
    )


def _make(what: str, out: str, first: str, last: str, *options: str) -> list[str]:
    generate = [sys.executable, "-m", "samples", *what.split(), "--out", out]
    return [*generate, "--from", first, "--to", last, *options]


def _ingest(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "ingestion", *arguments]
