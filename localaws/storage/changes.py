"""What a request to S3 changes, read off the request."""

from dataclasses import dataclass
from urllib.parse import parse_qs

import xmltodict  # type: ignore[import-untyped]

READING = ("GET", "HEAD", "OPTIONS")


@dataclass(frozen=True, slots=True)
class ObjectsChange:
    """Some keys of a bucket: written, deleted, tagged."""

    bucket: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BucketChange:
    """A bucket itself: made, deleted, configured."""

    bucket: str


def change_of(method: str, path: str, query: str, body: bytes) -> ObjectsChange | BucketChange | None:
    """What the request changes when it succeeds; the path is decoded, bodies matter of buckets alone."""
    bucket, _, key = path.removeprefix("/").partition("/")
    if method in READING or not bucket:
        return None
    names = parse_qs(query, keep_blank_values=True)
    if key:
        return None if _is_unfinished_upload(method, names) else ObjectsChange(bucket, (key,))
    if method == "POST" and "delete" in names:
        # a key may begin or end with spaces
        deleted = xmltodict.parse(body, strip_whitespace=False, force_list=("Object",))["Delete"]["Object"]
        return ObjectsChange(bucket, tuple(each["Key"] for each in deleted))
    return BucketChange(bucket)


def _is_unfinished_upload(method: str, names: dict[str, list[str]]) -> bool:
    # An upload in parts becomes an object with the POST that completes it.
    return "uploads" in names or ("uploadId" in names and method != "POST")
