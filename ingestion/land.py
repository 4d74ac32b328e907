"""Landing: a received file checked, kept, and made rows of a raw table.

The steps come in this order: files/, raw parts, Glue partition, control row. Every key comes from the file's
content, and from what its name alone tells of it, so an attempt that was killed between any two steps is made
whole by the next one, and nothing is there twice; until the control row is written, nobody reads the
partition.
"""

import hashlib
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import boto3

from ingestion import control, raw
from ingestion.control import ControlRow
from ingestion.entity import Entity, Envelope, RowOrigin
from ingestion.keep import Received, keep, sha256_of
from ingestion.lake import Lake
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import open_text
from ingestion.workspace import workspace


@dataclass(frozen=True, slots=True)
class Target:
    """Where files of one kind land."""

    entity: Entity
    lake: Lake
    session: boto3.Session


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file read to its end: the parts made of it and its envelope, or the refusal of it.

    `file_hash` is what it goes by, `received_hash` that of its bytes.
    """

    file_hash: str
    received_hash: str
    parts: list[Path]
    envelope: Envelope | None = None
    refusal: Refusal | None = None


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that is judged and not landed yet; its parts wait in a workspace that is left with `held`."""

    received: Received
    parsed: Parsed
    row: ControlRow
    held: ExitStack
    seconds: float


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of one file: its control row, and for people what to do and how long it took."""

    row: ControlRow
    refusal: Refusal | None
    seconds: float


def prepare(target: Target) -> None:
    """Make the tables that files land in, where they are not there yet. Raises when there is no bucket."""
    target.session.client("s3").head_bucket(Bucket=target.lake.bucket)
    control.prepare(target.lake, target.entity.domain, target.session)
    raw.prepare(target.lake, target.entity, target.session)


def land(received: Received, target: Target, landed_at: datetime) -> Landing:
    """Land one file. What is wrong with the file is told in the Landing; what is wrong with AWS is raised."""
    return settle(examine(received, target, landed_at, frozenset()), target)


def examine(
    received: Received,
    target: Target,
    landed_at: datetime,
    underway: frozenset[str],
    on_read: Callable[[float], None] = lambda _: None,
) -> Examined:
    """Read and judge one file. `underway` are the hashes of files that are being landed at this moment."""
    begin = time.monotonic()
    origin = RowOrigin(received.name, landed_at)
    with ExitStack() as held:
        parsed = parse(received, target.entity, origin, held.enter_context(workspace()), on_read)
        row = _control_row(received, target, parsed, landed_at)
        if row.status == "landed" and (
            row.file_hash in underway
            or control.is_landed(target.lake, target.entity.domain, row.entity, row.file_hash, target.session)
        ):
            row = _duplicate(row)
        return Examined(received, parsed, row, held.pop_all(), time.monotonic() - begin)


def settle(examined: Examined, target: Target) -> Landing:
    """Bring an examined file to its end: kept, landed if it is to be, and its control row written."""
    begin = time.monotonic()
    entity, lake, session, row = target.entity, target.lake, target.session, examined.row
    with examined.held:
        keep(examined.received, row.s3_uri, session)
        if row.status == "landed":
            raw.upload(lake, entity, row.file_hash, examined.parsed.parts, session)
        if row.status != "refused":
            raw.register(lake, entity, row.file_hash, session)
        control.write(lake, entity.domain, row, session)
    return Landing(row, examined.parsed.refusal, examined.seconds + time.monotonic() - begin)


def parse(
    received: Received,
    entity: Entity,
    origin: RowOrigin,
    folder: Path,
    on_read: Callable[[float], None] = lambda _: None,
) -> Parsed:
    """Read a file to Parquet parts in `folder`, or to the refusal of it.

    The hash is the text's, and with it that of what the name alone tells (the index of a portfolio that
    names none): the same text is then another file under another name, and a wrong name can be mended. A file
    whose text was not read to its end goes by the hash of what was received.
    """
    text_hash = received_hash = None
    parts: PartWriter[Any]
    try:
        with (
            open_text(received.path, on_read) as text,
            PartWriter(folder, entity.columns, entity.plain_columns) as parts,
        ):
            try:
                envelope = entity.read(text, parts, origin)
            finally:
                text_hash = text.sha256
                received_hash = None if text.is_packed else text_hash
    except Refusal as refusal:
        received_hash = received_hash or sha256_of(received.path)
        return Parsed(text_hash or received_hash, received_hash, [], refusal=refusal)
    received_hash = received_hash or sha256_of(received.path)
    file_hash = text_hash or received_hash
    if envelope.named:
        file_hash = hashlib.sha256(f"{file_hash} {envelope.named}".encode()).hexdigest()
    return Parsed(file_hash, received_hash, parts.paths(), envelope=envelope)


def _control_row(received: Received, target: Target, parsed: Parsed, landed_at: datetime) -> ControlRow:
    entity, refusal, envelope = target.entity, parsed.refusal, parsed.envelope
    said = envelope or refusal
    return ControlRow(
        entity=entity.name,
        attempt_id=f"{landed_at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}",
        status="refused" if refusal else "landed",
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else None,
        file_name=received.name,
        file_hash=parsed.file_hash,
        file_size=received.size,
        origin=received.origin,
        s3_uri=target.lake.kept_file(entity.domain, entity.name, parsed.received_hash, received.name),
        header_date=said.header_date if said else None,
        rows_expected=said.rows_expected if said else None,
        rows_landed=envelope.rows if envelope else None,
        rows_malformed=envelope.rows_malformed if envelope else None,
        landed_at=landed_at,
        period=entity.period_of(received.name),
    )


def _duplicate(row: ControlRow) -> ControlRow:
    return replace(
        row,
        status="duplicate",
        detail="A file of the same content has landed already.",
        rows_landed=0,
        rows_malformed=0,
    )
