"""The shortest journal with the same outcome.

What a deletion undoes goes, and of a table's updates those whose version is neither current nor archived; of
updates that say the same things of the same one, all but the last.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from localaws.storage.journal import Entry
from localaws.storage.partition_entries import without_dead_partitions
from localaws.storage.table_versions import without_dead_versions

# What an entry is about, from the outside in: ("glue", region, database, table), ("athena", kind, names …).
Subject = tuple[str, ...]

DELETIONS = {
    "DeleteDatabase",
    "DeleteTable",
    "BatchDeleteTable",
    "DeleteWorkGroup",
    "DeletePreparedStatement",
    "DeleteDataCatalog",
}
# What they do not say stays as it was, but for a database.
UPDATES = {"UpdateDatabase", "UpdateWorkGroup", "UpdatePreparedStatement", "UpdateNamedQuery"}
# Of Athena's things, the members of a request that name one.
ATHENA = {
    "WorkGroup": (("Name", "WorkGroup"),),
    "PreparedStatement": (("WorkGroup",), ("StatementName",)),
    "DataCatalog": (("Name",),),
    "NamedQuery": (("NamedQueryId",),),
}


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
    left = without_dead_versions(_compacted_calls(calls), subjects)
    return [*buckets, *objects.values(), *without_dead_partitions(left, subjects)]


def _add_bucket(buckets: list[Entry], entry: Entry) -> None:
    if entry["method"] == "DELETE" and not entry["query"]:
        buckets[:] = [other for other in buckets if other["bucket"] != entry["bucket"]]
    else:
        buckets.append(entry)


def _compacted_calls(calls: list[Entry]) -> list[Entry]:
    """From the last one back: what a later deletion covers, or a later update replaces, is left out."""
    deleted: set[Subject] = set()
    later: dict[tuple[str, Subject], list[Entry]] = defaultdict(list)
    kept: list[Entry] = []
    for entry in reversed(calls):
        operation, about = entry["operation"], subjects(entry)
        if operation in DELETIONS:
            deleted.update(about)
        elif not (_is_within(about[0], deleted) or _is_replaced(entry, later[operation, about[0]])):
            if operation in UPDATES:
                later[operation, about[0]].append(entry)
            kept.append(entry)
    return kept[::-1]


def _is_replaced(entry: Entry, later: list[Entry]) -> bool:
    if entry["operation"] == "UpdateDatabase":
        return bool(later)
    return any(_says_all_of(entry["payload"], other["payload"]) for other in later)


def _says_all_of(said: Any, later: Any) -> bool:
    """Whether what comes later names all that was said; a switch has to be as it was."""
    if isinstance(said, dict) and isinstance(later, dict):
        return all(name in later and _says_all_of(value, later[name]) for name, value in said.items())
    return not isinstance(said, bool) or said == later


def subjects(entry: Entry) -> list[Subject]:
    """What a call is about; a deletion may be of several tables."""
    payload, owner = entry["payload"], (entry["service"], entry["region"])
    if entry["service"] == "athena":
        return [_of_athena(entry["operation"], payload)]
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


def _of_athena(operation: str, payload: dict[str, Any]) -> Subject:
    """There is one region: a journal of before may name several."""
    if "ResourceARN" in payload:
        kind, _, name = payload["ResourceARN"].rpartition(":")[2].partition("/")
        return ("athena", kind.lower(), name)
    for kind, members in ATHENA.items():
        if operation.endswith(kind):
            named = [next((payload[name] for name in names if name in payload), None) for names in members]
            if all(named):
                return ("athena", kind.lower(), *(_as_named(kind, name) for name in named))
    return ("athena",)


def _as_named(kind: str, name: Any) -> str:
    return str(name).lower() if kind == "PreparedStatement" else str(name)


def _is_within(subject: Subject, others: set[Subject]) -> bool:
    return any(subject[:length] in others for length in range(1, len(subject) + 1))
