"""The shortest journal with the same outcome.

What a deletion undoes goes, and of a table's updates those whose version is neither current nor archived.
"""

from collections.abc import Iterable

from localaws.storage.journal import Entry
from localaws.storage.table_versions import without_dead_versions

# What an entry is about, from the outside in: ("glue", region, database, table).
Subject = tuple[str, ...]

DELETIONS = {"DeleteDatabase", "DeleteTable", "BatchDeleteTable"}
LAST_ONE_COUNTS = {"UpdateDatabase"}


def compacted(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that still matter: buckets first, then their objects, then calls in their order."""
    buckets: list[Entry] = []
    objects: dict[tuple[str, str], Entry] = {}
    calls: list[Entry] = []
    for entry in entries:
        if entry["kind"] == "bucket":
            _add_bucket(buckets, entry)
        elif entry["kind"] == "object":
            objects.pop((entry["bucket"], entry["key"]), None)
            if entry["versions"]:
                objects[entry["bucket"], entry["key"]] = entry
        else:
            calls.append(entry)
    return [*buckets, *objects.values(), *without_dead_versions(_compacted_calls(calls), subjects)]


def _add_bucket(buckets: list[Entry], entry: Entry) -> None:
    if entry["method"] == "DELETE" and not entry["query"]:
        buckets[:] = [other for other in buckets if other["bucket"] != entry["bucket"]]
    else:
        buckets.append(entry)


def _compacted_calls(calls: list[Entry]) -> list[Entry]:
    """From the last one back: what a later deletion covers, or a later update replaces, is left out."""
    deleted: set[Subject] = set()
    replaced: set[tuple[str, Subject]] = set()
    kept: list[Entry] = []
    for entry in reversed(calls):
        operation, about = entry["operation"], subjects(entry)
        if operation in DELETIONS:
            deleted.update(about)
        elif not (
            _is_within(about[0], deleted)
            or (operation in LAST_ONE_COUNTS and (operation, about[0]) in replaced)
        ):
            replaced.add((operation, about[0]))
            kept.append(entry)
    return kept[::-1]


def subjects(entry: Entry) -> list[Subject]:
    """What a call is about; a deletion may be of several tables."""
    payload, owner = entry["payload"], (entry["service"], entry["region"])
    if entry["service"] != "glue":
        return [owner]
    table_input, database_input = payload.get("TableInput") or {}, payload.get("DatabaseInput") or {}
    of_database = "Database" in entry["operation"]
    database = (
        payload.get("Name") or database_input.get("Name") if of_database else payload.get("DatabaseName")
    )
    if database is None:
        return [owner]
    if of_database:
        return [(*owner, database.lower())]
    names = payload.get("TablesToDelete") or [
        payload.get("TableName") or table_input.get("Name") or payload.get("Name") or ""
    ]
    return [(*owner, database.lower(), name.lower()) for name in names]


def _is_within(subject: Subject, others: set[Subject]) -> bool:
    return any(subject[:length] in others for length in range(1, len(subject) + 1))
