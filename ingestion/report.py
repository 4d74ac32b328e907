"""What was landed, for people and for programs."""

import json
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from ingestion.land import Landing

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
    row = landing.row
    return Outcome(
        file=row.file_name,
        origin=row.origin,
        status=row.status,
        reason=row.reason,
        detail=row.detail,
        advice=landing.advice,
        line=landing.line,
        header_date=row.header_date,
        rows=row.rows_landed,
        malformed=row.rows_malformed,
        bytes=row.file_size,
        seconds=round(landing.seconds, 3),
        file_hash=row.file_hash,
        s3_uri=row.s3_uri,
    )


def unavailable(url: str, detail: str, reason: str, advice: str) -> Outcome:
    """What is shown of a file that could not be had."""
    name = url.rsplit("/", 1)[-1]
    return Outcome(
        name, url, "unavailable", reason, detail, advice, None, None, None, None, None, 0.0, None, None
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


def print_table(outcomes: list[Outcome], console: Console) -> None:
    """One line per file, totals below."""
    table = Table(show_footer=True, box=None, pad_edge=False, header_style="bold")
    rows, malformed = (sum(getattr(o, name) or 0 for o in outcomes) for name in ("rows", "malformed"))
    seconds = sum(o.seconds for o in outcomes)
    table.add_column("file", f"{len(outcomes)} files", overflow="fold")
    table.add_column("session")
    table.add_column("rows", f"{rows:,}", justify="right")
    table.add_column("malformed", f"{malformed:,}", justify="right")
    table.add_column("status", ", ".join(_counted(outcomes)))
    table.add_column("seconds", f"{seconds:.2f}", justify="right")
    for outcome in outcomes:
        status = f"{outcome.status}: {outcome.reason}" if outcome.reason else outcome.status
        table.add_row(
            outcome.file,
            _dashed(outcome.header_date),
            "" if outcome.rows is None else f"{outcome.rows:,}",
            "" if outcome.malformed is None else f"{outcome.malformed:,}",
            f"[{COLOURS[outcome.status]}]{status}[/]",
            f"{outcome.seconds:.2f}",
        )
    console.print(table)


def _counted(outcomes: list[Outcome]) -> list[str]:
    counts = {status: sum(o.status == status for o in outcomes) for status in COLOURS}
    return [f"{count} {status}" for status, count in counts.items() if count]


def _dashed(date: str | None) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:]}" if date else ""
