"""The files at a place, a folder or a prefix in S3: those that a source means, to be had one at a time."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import Any

import boto3

from ingestion.objects import S3, split_uri
from ingestion.source import Source
from ingestion.workspace import workspace


@dataclass(frozen=True, slots=True)
class Offered:
    """A file that is to be landed; `at_hand` has it on this machine for as long as its block lasts."""

    name: str
    origin: str
    size: int
    at_hand: Callable[[], AbstractContextManager[Path]]


@dataclass(frozen=True, slots=True)
class Folder:
    """The files to land, in order, and the names of what else is there; a folder's ends with a slash."""

    files: list[Offered]
    left_out: list[str]


def look_into(path: Path, source: Source) -> Folder:
    """The file at `path`, or the files of the folder there that are the source's, by name.

    A file with one of the source's suffixes is always among them, so that it is told what is wrong with it.
    """
    if path.is_file():
        return Folder([of_path(path)], [])
    entries = sorted(path.iterdir())
    files = [entry for entry in entries if entry.is_file() and _is_for(entry, source)]
    left_out = [f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries if entry not in files]
    return Folder([of_path(file) for file in files], left_out)


def of_path(path: Path, origin: str | None = None) -> Offered:
    """The file at `path`, which came from `origin`: the path itself unless it is given."""
    return Offered(path.name, origin or str(path), path.stat().st_size, lambda: nullcontext(path))


def look_into_s3(uri: str, source: Source, session: boto3.Session) -> Folder:
    """The object at `uri`, or the source's objects below it, by suffix, oldest first: as they came."""
    bucket, key = split_uri(uri.rstrip("/"))
    pages = session.client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=key)
    found = [one for page in pages for one in page.get("Contents", [])]
    if alone := [one for one in found if one["Key"] == key]:
        return Folder([_of_object(bucket, one, session) for one in alone], [])
    below = [one for one in found if not key or one["Key"].startswith(f"{key}/")]
    below.sort(key=lambda one: (one["LastModified"], one["Key"]))
    meant = [one for one in below if one["Key"].lower().endswith(source.suffixes)]
    left_out = [one["Key"] for one in below if one not in meant]
    return Folder([_of_object(bucket, one, session) for one in meant], left_out)


def _of_object(bucket: str, listed: dict[str, Any], session: boto3.Session) -> Offered:
    key = listed["Key"]
    name = PurePosixPath(key).name
    return Offered(
        name, f"{S3}{bucket}/{key}", listed["Size"], partial(_downloaded, bucket, key, name, session)
    )


@contextmanager
def _downloaded(bucket: str, key: str, name: str, session: boto3.Session) -> Iterator[Path]:
    with workspace() as folder:
        session.client("s3").download_file(bucket, key, str(folder / name))
        yield folder / name


def _is_for(file: Path, source: Source) -> bool:
    return file.suffix.lower() in source.suffixes or (
        bool(source.beginnings) and _beginning(file).startswith(source.beginnings)
    )


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(64)
