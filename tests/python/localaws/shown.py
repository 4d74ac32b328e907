"""The table of what works through which client, out of how the tests that show it ended.

A test says what it shows by `@pytest.mark.shows(client, what)`, with `outcome="refused"` or `"not there"`
where it shows that. With `-p tests.python.localaws.shown`, `--record-shown <file>` notes how each of them
ended; one that was skipped keeps what was noted when it last ran. `--collect-only --client-table <page>`
makes the page of what is noted.
"""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

CLIENTS = ("boto3", "AWS CLI", "awswrangler", "PyAthena", "dbt-athena", "Terraform")
SIGNS = {"works": "✓", "refused": "as Athena", "not there": "no"}
FAILS, NOT_NOTED = "fails", "not noted"
HEAD = """# What works through which client

Made by the tests, not by hand (`make client-table`): each sign is how the tests that show it ended when they
last ran. How each of them ended, and when, is in [local-aws-clients.json](local-aws-clients.json). A test
that is skipped, since the AWS CLI or Terraform is not there, keeps what is noted of it.

✓ works · *as Athena*: refused as Athena refuses it · *no*: is not there · *fails*: does not do what it
should · *not noted*: has a test of which no run is noted · empty: not looked at.
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
    test: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a test ended when it last ran: `passed` or `failed`."""

    outcome: str
    on: str


Record = dict[str, Ended]


def of_test(name: str, marks: Iterable[pytest.Mark]) -> list[Shown]:
    """What a test's marks say. Raises ValueError for a client or an outcome that is none."""
    found = []
    for mark in marks:
        client, *rest = mark.args
        outcome = str(mark.kwargs.get("outcome", "works"))
        if client not in CLIENTS or outcome not in SIGNS:
            raise ValueError(f"No such client or outcome: {mark}")
        part = str(mark.kwargs.get("part", "use"))
        found += [Shown(part, str(what), str(client), outcome, name) for what in rest]
    return found


def read_record(file: Path) -> Record:
    """What is noted, by the tests' names; nothing when there is no file."""
    noted = json.loads(file.read_text()) if file.exists() else {}
    return {name: Ended(**ended) for name, ended in noted.items()}


def write_record(file: Path, record: Record) -> None:
    """A line for each test, in their order."""
    lines = (
        f"{json.dumps(name)}: {json.dumps({'outcome': ended.outcome, 'on': ended.on})}"
        for name, ended in sorted(record.items())
    )
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def rendered(shown: Iterable[Shown], record: Record) -> str:
    """The page."""
    cells: dict[tuple[str, str, str], list[Shown]] = {}
    for one in shown:
        cells.setdefault((one.part, one.what, one.client), []).append(one)
    signs = {cell: _sign(ones, record) for cell, ones in cells.items()}
    parts = [HEAD, *(_table(part, signs) for part in TABLES), "## What else each client does here\n"]
    for client in CLIENTS:
        uses = sorted(
            ((what, sign) for (part, what, of), sign in signs.items() if (part, of) == ("use", client))
        )
        lines = [f"- {what}" if sign == SIGNS["works"] else f"- {what}: {sign}" for what, sign in uses]
        parts.append("\n".join([f"### {client}", "", *lines]) + "\n")
    return "\n".join(parts)


def _table(part: str, signs: dict[tuple[str, str, str], str]) -> str:
    title, head = TABLES[part]
    found = [(what, client) for of, what, client in signs if of == part]
    clients = [client for client in CLIENTS if any(one == client for _, one in found)]
    lines = [f"## {title}", "", f"| {head} | {' | '.join(clients)} |", "|---" * (len(clients) + 1) + "|"]
    for what in sorted({what for what, _ in found}, key=str.lower):
        lines.append(f"| {what} | {' | '.join(signs.get((part, what, one), '') for one in clients)} |")
    return "\n".join(lines) + "\n"


def _sign(shown: list[Shown], record: Record) -> str:
    """One test that fails takes the sign away, and so does one of which nothing is noted."""
    ended = [record.get(one.test) for one in shown]
    if any(one is not None and one.outcome == "failed" for one in ended):
        return FAILS
    return NOT_NOTED if None in ended else SIGNS[shown[-1].outcome]


class Recorder:
    """Notes how the tests of one run ended that show something."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._outcomes: dict[str, set[str]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Setting up, the test itself, tearing down."""
        if ("shows", True) in map(tuple, report.user_properties):
            self._outcomes.setdefault(report.nodeid, set()).add(report.outcome)

    def pytest_sessionfinish(self) -> None:
        """The run has ended: what it has shown goes to what is noted already."""
        today = dt.datetime.now(dt.UTC).date().isoformat()
        ran = {name: outcomes for name, outcomes in self._outcomes.items() if outcomes & {"passed", "failed"}}
        ended = {
            name: Ended("failed" if "failed" in outcomes else "passed", today)
            for name, outcomes in ran.items()
            if "failed" in outcomes or "skipped" not in outcomes
        }
        write_record(self._file, read_record(self._file) | ended)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--record-shown", help="note in this file how the tests ended that show something")
    parser.addoption("--client-table", help="write the table of clients there, from the notes beside it")


def pytest_configure(config: pytest.Config) -> None:
    """One process notes, also when several run the tests."""
    target = config.getoption("--record-shown", default=None)
    if target is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(Recorder(Path(target)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """All tests are known: those that show something are told from the others, and the page is written."""
    # one that is skipped wherever it is shows nothing
    run = [item for item in session.items if item.get_closest_marker("skip") is None]
    shown = {item.nodeid: of_test(item.nodeid, item.iter_markers("shows")) for item in run}
    for item in run:
        if shown[item.nodeid]:
            item.user_properties.append(("shows", True))
    target = session.config.getoption("--client-table", default=None)
    if target is not None:
        page = Path(target)
        notes = page.with_suffix(".json")
        record = {name: ended for name, ended in read_record(notes).items() if shown.get(name)}
        write_record(notes, record)
        page.write_text(rendered([one for ones in shown.values() for one in ones], record))
