"""Landing: a received file checked, kept, and made rows of a raw table.

The steps are in this order: files/, raw parts, Glue partition, control row. Every key comes from the file's content,
so an attempt that was killed between any two steps is made whole by the next one, and nothing is there twice; until
the control row is written, nobody reads the partition.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
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


@dataclass(frozen=True, slots=True)
class Landing:
    """What became of one file: its control row, and for people what to do and how long it took."""

    row: ControlRow
    advice: str | None
    line: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class _Read:
    file_hash: str
    envelope: Envelope | None
    refusal: Refusal | None
    parts: list[Path]


def prepare(lake: Lake, entity: Entity, session: boto3.Session) -> None:
    """Make the tables that `land` writes to, where they are not there yet."""
    control.prepare(lake, entity.domain, session)
    raw.prepare(lake, entity, session)


def land(
    received: Received,
    entity: Entity,
    lake: Lake,
    session: boto3.Session,
    on_read: Callable[[float], None] = lambda _: None,
) -> Landing:
    """Land one file. What is wrong with the file is told in the Landing; what is wrong with AWS is raised."""
    begin = time.monotonic()
    landed_at = datetime.now(UTC).replace(tzinfo=None)
    with TemporaryDirectory(prefix="finlake-") as workspace:
        result = parse(received, entity, RowOrigin(received.name, landed_at), Path(workspace), on_read)
        row = _control_row(received, entity, lake, result, landed_at)
        if result.refusal is None and control.is_landed(
            lake, entity.domain, entity.name, result.file_hash, session
        ):
            row = _duplicate(row)
        keep(received, row.s3_uri, session)
        if row.status == "landed":
            raw.upload(lake, entity, result.file_hash, result.parts, session)
            raw.register(lake, entity, result.file_hash, session)
        control.write(lake, entity.domain, row, session)
    refusal = result.refusal
    return Landing(
        row=row,
        advice=refusal.advice if refusal else None,
        line=refusal.line if refusal else None,
        seconds=time.monotonic() - begin,
    )


def parse(
    received: Received,
    entity: Entity,
    origin: RowOrigin,
    workspace: Path,
    on_read: Callable[[float], None] = lambda _: None,
) -> _Read:
    """Read a file to Parquet parts in `workspace`, or to the refusal of it."""
    text_hash = None
    try:
        with (
            open_text(received.path, on_read) as text,
            PartWriter(workspace, entity.columns, entity.plain_columns) as parts,
        ):
            try:
                envelope = entity.read(text, parts, origin)
            finally:
                text_hash = text.sha256
    except Refusal as refusal:
        return _Read(text_hash or sha256_of(received.path), None, refusal, [])
    return _Read(text_hash or sha256_of(received.path), envelope, None, parts.paths())


def _control_row(
    received: Received, entity: Entity, lake: Lake, result: _Read, landed_at: datetime
) -> ControlRow:
    refusal, envelope = result.refusal, result.envelope
    said = envelope or refusal
    return ControlRow(
        entity=entity.name,
        attempt_id=f"{landed_at:%Y%m%dT%H%M%S%f}-{uuid4().hex[:8]}",
        status="refused" if refusal else "landed",
        reason=refusal.reason if refusal else None,
        detail=refusal.detail if refusal else None,
        file_name=received.name,
        file_hash=result.file_hash,
        file_size=received.size,
        origin=received.origin,
        s3_uri=lake.kept_file(entity.domain, entity.name, result.file_hash, received.name),
        header_date=said.header_date if said else None,
        rows_expected=said.rows_expected if said else None,
        rows_landed=envelope.rows if envelope else None,
        rows_malformed=envelope.rows_malformed if envelope else None,
        landed_at=landed_at,
    )


def _duplicate(row: ControlRow) -> ControlRow:
    return replace(
        row,
        status="duplicate",
        detail="A file of the same content has landed already.",
        rows_landed=0,
        rows_malformed=0,
    )
