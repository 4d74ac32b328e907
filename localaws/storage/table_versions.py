"""Which versions of tables a journal has to bring back: the current ones and those that are archived.

An Iceberg table gets a version with each commit, and Trino has the one before forgotten (`SkipArchive`).
"""

from collections.abc import Callable, Iterable

from localaws.storage.journal import Entry

Subject = tuple[str, ...]


class _Table:
    """The entries behind a table's versions, by their places in the journal."""

    def __init__(self) -> None:
        self.places: dict[str, int] = {}
        self.current = -1

    def next_version(self) -> str:
        return str(1 + max((int(version) for version in self.places), default=0))


def without_dead_versions(calls: list[Entry], subjects: Callable[[Entry], list[Subject]]) -> list[Entry]:
    """The calls without updates of which nothing is left, and without deletions of versions."""
    tables: dict[Subject, _Table] = {}
    dead: set[int] = set()
    for place, entry in enumerate(calls):
        if entry["operation"] in ("CreateTable", "UpdateTable"):
            dead.update(_replaced(tables.setdefault(subjects(entry)[0], _Table()), place, entry))
        elif entry["operation"] in DELETED:
            dead.add(place)
            places = tables.get(subjects(entry)[0], _Table()).places
            versions = DELETED[entry["operation"]](entry)
            dead.update(places[version] for version in versions if version in places)
    return _kept(calls, dead, subjects)


def _replaced(table: _Table, place: int, entry: Entry) -> Iterable[int]:
    if entry["operation"] == "CreateTable":
        table.places.clear()
    before, table.current = table.current, place
    table.places[str(entry.get("version") or table.next_version())] = place
    return [before] if entry["payload"].get("SkipArchive") and before >= 0 else []


def _kept(calls: list[Entry], dead: set[int], subjects: Callable[[Entry], list[Subject]]) -> list[Entry]:
    kept: list[Entry] = []
    # A table is created in any case; its first version goes with the update that comes next.
    created_dead: set[Subject] = set()
    for place, entry in enumerate(calls):
        operation, about = entry["operation"], subjects(entry)[0]
        if operation == "CreateTable" and place in dead:
            created_dead.add(about)
        elif place in dead:
            continue
        if operation == "UpdateTable":
            payload = {**entry["payload"], "SkipArchive": about in created_dead}
            created_dead.discard(about)
            kept.append({**entry, "payload": payload})
        else:
            kept.append(entry)
    return kept


DELETED: dict[str, Callable[[Entry], list[str]]] = {
    "DeleteTableVersion": lambda entry: [str(entry["payload"].get("VersionId"))],
    "BatchDeleteTableVersion": lambda entry: [str(each) for each in entry["payload"].get("VersionIds", [])],
}
