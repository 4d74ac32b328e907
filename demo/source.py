"""Where the demo's files come from: the project's generator, a folder, or B3."""

import sys
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

# A year in one file is the history that 200-session means and 52-week extremes need;
# then comes a file a day, as B3 sends them.
YEAR = 2025
LAST_DAY = date(2026, 2, 27)


@dataclass(frozen=True, slots=True)
class Source:
    """What to run before and for landing, and the folder in which this source's lake is kept."""

    title: str
    lake: Path
    prepare: list[list[str]]
    land: list[list[str]]


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
    return Source(f"the files of {origin}", lake, [], [_ingest("--from", origin)])


def _samples(home: Path) -> Source:
    folder = home / "samples"
    generate = [sys.executable, "-m", "samples", "b3", "cotahist", "--out"]
    return Source(
        "generated files: a year, then a file a day, some of them broken on purpose",
        home / "lake-samples",
        [
            [
                *generate,
                str(folder / "year"),
                "--from",
                f"{YEAR}-01-02",
                "--to",
                f"{YEAR}-12-30",
                "--as",
                "year",
            ],
            [
                *generate,
                str(folder / "days"),
                "--from",
                f"{YEAR + 1}-01-02",
                "--to",
                LAST_DAY.isoformat(),
                "--dirt",
            ],
        ],
        [_ingest("--from", str(folder / "year")), _ingest("--from", str(folder / "days"))],
    )


def _b3(today: date, home: Path) -> Source:
    months = [today.replace(day=1) - timedelta(days=1)]
    months.insert(0, months[0].replace(day=1) - timedelta(days=1))
    return Source(
        f"B3's files of {months[0]:%Y-%m} and {months[1]:%Y-%m}",
        home / "lake-b3",
        [],
        [_ingest("--month", f"{month:%Y-%m}") for month in months],
    )


def _ingest(*options: str) -> list[str]:
    return [sys.executable, "-m", "ingestion", "b3", "quotes", *options]
