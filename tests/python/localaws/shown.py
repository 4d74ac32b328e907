"""The table of what works through which client, out of the marks of the tests that show it.

A test says what it shows by `@pytest.mark.shows(client, what)`, with `outcome="refused"` or `"not there"`
where it shows that. `pytest -p tests.python.localaws.shown --collect-only --client-table <file>` writes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

CLIENTS = ("boto3", "AWS CLI", "awswrangler", "PyAthena", "dbt-athena", "Terraform")
SIGNS = {"works": "✓", "refused": "as Athena", "not there": "no"}
HEAD = """# What works through which client

Made out of the tests, not by hand: each sign is what a test shows (`make client-table` writes this page, and
a test compares it). The tests of the AWS CLI and of Terraform run where these are, the long ones of
dbt-athena by `make slow`.

✓ works · *as Athena*: refused as Athena refuses it · *no*: is not there · empty: not looked at.
"""
TABLES = {
    "statement": ("Statements", "statement"),
    "operation": ("Athena's operations", "operation"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What one test shows of one client."""

    part: str
    what: str
    client: str
    outcome: str = "works"


def of_marks(marks: Iterable[pytest.Mark]) -> list[Shown]:
    """What a test's marks say. Raises ValueError for a client or an outcome that is none."""
    found = []
    for mark in marks:
        client, *rest = mark.args
        outcome = str(mark.kwargs.get("outcome", "works"))
        if client not in CLIENTS or outcome not in SIGNS:
            raise ValueError(f"No such client or outcome: {mark}")
        part = str(mark.kwargs.get("part", "use"))
        found += [Shown(part, str(what), str(client), outcome) for what in rest]
    return found


def rendered(shown: Iterable[Shown]) -> str:
    """The page."""
    parts = [HEAD]
    found = list(dict.fromkeys(shown))
    for part, (title, head) in TABLES.items():
        rows = [one for one in found if one.part == part]
        clients = [client for client in CLIENTS if any(one.client == client for one in rows)]
        cells = {(one.what, one.client): SIGNS[one.outcome] for one in rows}
        lines = [f"## {title}", "", f"| {head} | {' | '.join(clients)} |", "|---" * (len(clients) + 1) + "|"]
        names = list(dict.fromkeys(one.what for one in rows))
        ordered = names if part == "statement" else sorted(names, key=str.lower)
        lines += [f"| {what} | {' | '.join(cells.get((what, c), '') for c in clients)} |" for what in ordered]
        parts.append("\n".join(lines) + "\n")
    parts.append("## What else each client does here\n")
    for client in CLIENTS:
        uses = sorted({one.what for one in found if (one.part, one.client) == ("use", client)}, key=str.lower)
        parts.append("\n".join([f"### {client}", "", *(f"- {what}" for what in uses)]) + "\n")
    return "\n".join(parts)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--client-table", help="write the table of clients to this file")


def pytest_collection_finish(session: pytest.Session) -> None:
    """All tests are known: what they show is written."""
    target = session.config.getoption("--client-table", default=None)
    if target is not None:
        shown = [one for item in session.items for one in of_marks(item.iter_markers("shows"))]
        Path(target).write_text(rendered(shown))
