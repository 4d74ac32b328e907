"""Which calls about partitions a journal has to bring back: those behind what is there.

A file that lands twice has its partition created twice, and of a partition that was deleted nothing is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from localaws.storage.journal import Entry

Subject = tuple[str, ...]
# The place of a call in the journal, and the values of the partition that it is about.
Element = tuple[int, Subject]
Payload = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Form:
    """What a call does to partitions, the member that lists them (none: it is of one), their values there."""

    does: str
    listed: str
    values: Callable[[Payload], Any]


@dataclass(slots=True)
class _Partition:
    """What is behind a partition that is there: calls that are needed, and the last update of all of it."""

    needed: list[Element] = field(default_factory=list)
    updates: list[Element] = field(default_factory=list)


FORMS = {
    "CreatePartition": _Form("create", "", lambda one: one["PartitionInput"]["Values"]),
    "BatchCreatePartition": _Form("create", "PartitionInputList", lambda one: one["Values"]),
    "UpdatePartition": _Form("update", "", lambda one: one["PartitionValueList"]),
    "BatchUpdatePartition": _Form("update", "Entries", lambda one: one["PartitionValueList"]),
    "UpdateColumnStatisticsForPartition": _Form("describe", "", lambda one: one["PartitionValues"]),
    "DeleteColumnStatisticsForPartition": _Form("describe", "", lambda one: one["PartitionValues"]),
    "DeletePartition": _Form("delete", "", lambda one: one["PartitionValues"]),
    "BatchDeletePartition": _Form("delete", "PartitionsToDelete", lambda one: one["Values"]),
}


class _Partitions:
    """The partitions that are there, by table and values, and which calls are of no use any more."""

    def __init__(self) -> None:
        self._there: dict[tuple[Subject, Subject], _Partition] = {}
        self.dead: set[Element] = set()

    def create(self, table: Subject, values: Subject, element: Element) -> None:
        if (table, values) in self._there:
            self.dead.add(element)
        else:
            self._there[table, values] = _Partition([element])

    def update(self, table: Subject, values: Subject, element: Element, now: Subject) -> None:
        partition = self._there.pop((table, values), _Partition())
        self._there[table, now] = partition
        if now == values:
            self.dead.update(partition.updates)
            partition.updates = [element]
        else:
            # whatever is done under the former values has to be done before
            partition.needed += [*partition.updates, element]
            partition.updates = []

    def describe(self, table: Subject, values: Subject, element: Element) -> None:
        self._there.setdefault((table, values), _Partition()).needed.append(element)

    def delete(self, table: Subject, values: Subject, element: Element) -> None:
        partition = self._there.pop((table, values), _Partition())
        self.dead.update([*partition.needed, *partition.updates, element])


def without_dead_partitions(calls: list[Entry], subjects: Callable[[Entry], list[Subject]]) -> list[Entry]:
    """The calls without those of partitions that are not there any more, and what an update replaces."""
    partitions = _Partitions()
    for place, entry in enumerate(calls):
        for one in _listed(entry):
            values = _values(entry, one)
            about = subjects(entry)[0], values, (place, values)
            match FORMS[entry["operation"]].does:
                case "create":
                    partitions.create(*about)
                case "update":
                    now = (one.get("PartitionInput") or {}).get("Values")
                    partitions.update(*about, tuple(now or values))
                case "describe":
                    partitions.describe(*about)
                case "delete":
                    partitions.delete(*about)
    left = (_left(place, entry, partitions.dead) for place, entry in enumerate(calls))
    return [entry for entry in left if entry is not None]


def _listed(entry: Entry) -> list[Payload]:
    form = FORMS.get(entry["operation"])
    if form is None:
        return []
    listed: list[Payload] = entry["payload"].get(form.listed, []) if form.listed else [entry["payload"]]
    return listed


def _values(entry: Entry, one: Payload) -> Subject:
    return tuple(FORMS[entry["operation"]].values(one))


def _left(place: int, entry: Entry, dead: set[Element]) -> Entry | None:
    """What is left of a call: all of it, with fewer partitions, nothing."""
    listed = _listed(entry)
    left = [one for one in listed if (place, _values(entry, one)) not in dead]
    if len(left) == len(listed):
        return entry
    if not left:
        return None
    return {**entry, "payload": {**entry["payload"], FORMS[entry["operation"]].listed: left}}
