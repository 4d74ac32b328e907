"""What was landed, for people and for programs."""

import json
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ingestion.land import Landing

WIDE = 160
COLOURS = {"landed": "green", "duplicate": "cyan", "refused": "red", "unavailable": "yellow"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file, as it is shown. `status` is the control table's, or `unavailable`."""

    file: str
    origin: str
    status: str
    reason: str | None
    detail: str | None
    advice: str | None
    line: int | None
    header_date: str | None
    period: str | None
    rows: int | None
    malformed: int | None
    bytes: int | None
    seconds: float
    file_hash: str | None
    s3_uri: str | None

    @property
    def is_good(self) -> bool:
        return self.status in ("landed", "duplicate")


def of_landing(landing: Landing) -> Outcome:
    """What is shown of a file that was received."""
    row, refusal = landing.row, landing.refusal
    return Outcome(
        file=row.file_name,
        origin=row.origin,
        status=row.status,
        reason=row.reason,
        detail=row.detail,
        advice=refusal.advice if refusal else None,
        line=refusal.line if refusal else None,
        header_date=row.header_date,
        period=row.period,
        rows=row.rows_landed,
        malformed=row.rows_malformed,
        bytes=row.file_size,
        seconds=round(landing.seconds, 3),
        file_hash=row.file_hash,
        s3_uri=row.s3_uri,
    )


def unavailable(name: str, url: str, detail: str, reason: str, advice: str) -> Outcome:
    """What is shown of a file that could not be had."""
    return Outcome(
        name, url, "unavailable", reason, detail, advice, None, None, None, None, None, None, 0.0, None, None
    )


def complaints(outcomes: list[Outcome]) -> list[str]:
    """One line for each file that was not landed: file, line, rule, what is wrong, what to do."""
    return [
        f"{outcome.file}{f':{outcome.line}' if outcome.line else ''}: {outcome.reason}: {outcome.detail} "
        f"{outcome.advice}"
        for outcome in outcomes
        if not outcome.is_good
    ]


def as_json(outcomes: list[Outcome]) -> str:
    """All outcomes, and how many there are of each status."""
    counts: dict[str, Any] = {status: sum(o.status == status for o in outcomes) for status in COLOURS}
    files = [{name: getattr(outcome, name) for name in Outcome.__slots__} for outcome in outcomes]
    return json.dumps({**counts, "files": files}, ensure_ascii=False, indent=2)


def print_table(outcomes: list[Outcome]) -> None:
    """One line per file and totals below, on standard output; as wide as needed where that is no terminal."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=WIDE)
    rows, malformed = (sum(getattr(o, name) or 0 for o in outcomes) for name in ("rows", "malformed"))
    seconds = sum(outcome.seconds for outcome in outcomes)
    table = Table(show_footer=True, box=None, pad_edge=False, header_style="bold", footer_style="bold")
    table.add_column("file", f"{len(outcomes)} file{'s' * (len(outcomes) != 1)}", no_wrap=True)
    table.add_column("month" if any(outcome.period for outcome in outcomes) else "session", no_wrap=True)
    table.add_column("rows", f"{rows:,}", justify="right", no_wrap=True)
    table.add_column("malformed", f"{malformed:,}", justify="right", no_wrap=True)
    table.add_column("seconds", f"{seconds:.2f}", justify="right", no_wrap=True)
    table.add_column("status", _counted(outcomes))
    for outcome in outcomes:
        status = f"{outcome.status}: {outcome.reason}" if outcome.reason else outcome.status
        table.add_row(
            Text(outcome.file),
            _dashed(outcome.period or outcome.header_date),
            "" if outcome.rows is None else f"{outcome.rows:,}",
            "" if outcome.malformed is None else f"{outcome.malformed:,}",
            f"{outcome.seconds:.2f}",
            Text(status, COLOURS[outcome.status]),
        )
    console.print(table)


def _counted(outcomes: list[Outcome]) -> str:
    counts = {status: sum(outcome.status == status for outcome in outcomes) for status in COLOURS}
    return ", ".join(f"{count} {status}" for status, count in counts.items() if count)


def _dashed(date: str | None) -> str:
    """A date (YYYYMMDD) or month (YYYYMM) as people write it."""
    return "-".join(part for part in (date[:4], date[4:6], date[6:]) if part) if date else ""
