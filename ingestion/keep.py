"""Received files kept as they came, byte for byte, and never rewritten."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import awswrangler as wr
import boto3

from ingestion.objects import upload


@dataclass(frozen=True, slots=True)
class Received:
    """A file that is on this machine now, and where it came from (a path or a URL)."""

    path: Path
    origin: str

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def size(self) -> int:
        return self.path.stat().st_size


def sha256_of(path: Path) -> str:
    """SHA-256 of the bytes received."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def keep(received: Received, uri: str, session: boto3.Session) -> None:
    """Keep the file at `uri`, unless it is there."""
    if not wr.s3.does_object_exist(uri, boto3_session=session):
        upload(received.path, uri, session)
