"""Keeps what changes in a data folder, and brings it back at the next start.

Each change is in the journal before its request is answered. A body's file is there before its entry, and is
removed after the entry that no longer refers to it: whenever the process is killed, the journal's last whole
line tells a state in which all bodies are there.
"""

import base64
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from moto.glue import models as glue_models

from localaws.catalog.call import Call
from localaws.errors import LocalAwsError
from localaws.storage import objects
from localaws.storage.bodies import KeptBodies
from localaws.storage.compaction import compacted
from localaws.storage.folder import DataFolder
from localaws.storage.journal import Entry, Journal, read_journal, rewrite_journal

log = logging.getLogger(__name__)

# Sends an entry's request once more; whether it succeeded.
Replay = Callable[[Entry], bool]


class Keeper:
    """The journal of one data folder; `restore` comes first."""

    def __init__(self, folder: DataFolder, bodies: KeptBodies) -> None:
        self._folder = folder
        self._bodies = bodies
        self._journal: Journal | None = None
        self._referred: dict[tuple[str, str], set[str]] = {}
        self._lock = threading.Lock()
        self._waiting: list[Entry] = []

    def restore(self, replay: Replay) -> None:
        """Bring back buckets, objects and the catalog. Raises LocalAwsError when the journal is damaged."""
        try:
            entries = compacted(read_journal(self._folder.journal))
        except ValueError as error:
            raise LocalAwsError(
                f"The data folder {self._folder.root} is damaged.",
                f"{self._folder.journal.name}: {error}",
                f"Mend or remove that line of {self._folder.journal}, or choose another folder.",
            ) from None
        for entry in entries:
            if entry["kind"] == "object":
                self._restore_object(entry)
            elif entry.get("service") == "athena":
                self._waiting.append(entry)
            else:
                self._replay(entry, replay)
        rewrite_journal(self._folder.journal, entries)
        self._journal = Journal(self._folder.journal)
        self._bodies.keep(set().union(*self._referred.values()))
        self._bodies.sweep()

    def restore_athena(self, replay: Replay) -> None:
        """Bring back what Athena keeps, when it is there."""
        for entry in self._waiting:
            self._replay(entry, replay)
        self._waiting.clear()

    def record_call(self, service: str, call: Call, version: str | None = None) -> None:
        """A call has changed something; `version` is the table's that it made."""
        payload = call.payload
        if call.operation == "UpdateTable":
            # It was the current one: that is no question any more.
            payload = {name: value for name, value in payload.items() if name != "VersionId"}
        entry = {
            "kind": "call",
            "service": service,
            "operation": call.operation,
            "region": call.region,
            "payload": payload,
            "time": _now().isoformat(),
        }
        self._append(entry if version is None else {**entry, "version": version})

    def record_bucket(self, bucket: str, request: dict[str, Any], body: bytes) -> None:
        """A request has changed a bucket itself."""
        self._append({"kind": "bucket", "bucket": bucket, **request, "body": base64.b64encode(body).decode()})

    def record_objects(self, bucket: str, keys: tuple[str, ...]) -> None:
        """A request may have changed these keys: what they are now is kept."""
        for key in keys:
            with self._lock:
                entry = objects.described(bucket, key)
                after = objects.body_names(entry)
                before = self._referred.pop((bucket, key), set())
                if after:
                    self._referred[bucket, key] = after
                self._bodies.keep(after)
                self._write(entry)
                self._bodies.release(before - after)

    def close(self) -> None:
        """End the journal."""
        if self._journal is not None:
            self._journal.close()

    def _append(self, entry: Entry) -> None:
        with self._lock:
            self._write(entry)

    def _write(self, entry: Entry) -> None:
        if self._journal is not None:
            self._journal.append(entry)

    def _restore_object(self, entry: Entry) -> None:
        if objects.restore(entry, self._bodies):
            self._referred[entry["bucket"], entry["key"]] = objects.body_names(entry)
        else:
            log.error("s3://%s/%s is not in the data folder any more", entry["bucket"], entry["key"])

    def _replay(self, entry: Entry, replay: Replay) -> None:
        with _clock_at(entry.get("time")):
            if not replay(entry):
                log.warning("not brought back: %s", {**entry, "body": "…", "payload": "…"})


@contextmanager
def _clock_at(time: str | None) -> Iterator[None]:
    """moto's catalog takes this for now, so that what comes back keeps its times."""
    before = glue_models.utcnow
    if time is not None:
        moment = datetime.fromisoformat(time)
        glue_models.utcnow = lambda: moment
    try:
        yield
    finally:
        glue_models.utcnow = before


def _now() -> datetime:
    # Without a zone, as moto has it.
    return datetime.now(UTC).replace(tzinfo=None)
