"""A GET of an object as it is, answered past moto's request handling.

Most of what Trino asks of S3 is this, some files for each statement, and most of what moto does for it is the
web application's. Whatever else is asked is moto's to answer: of versions, conditions or what is not there,
of a bucket with a policy or a log, of one that the host names, or by nobody.
"""

import uuid
from collections.abc import Mapping
from typing import Any
from wsgiref.types import WSGIEnvironment

from moto.s3.utils import ARCHIVE_STORAGE_CLASSES
from werkzeug.datastructures import Headers

from localaws.storage.delivery import Response, delivered
from localaws.storage.objects import current, is_watched
from localaws.storage.stored import StoredKey

# What some SDKs name the operation by; any other query asks for something else than the object as it is.
QUERIES = ("", "x-id=GetObject")
# Before another one stands the name of a bucket.
HOSTS = ("127.0.0.1", "localhost")
CONDITIONS = (
    "HTTP_IF_MATCH",
    "HTTP_IF_NONE_MATCH",
    "HTTP_IF_MODIFIED_SINCE",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_ORIGIN",
)


def plain_get(environ: WSGIEnvironment, path: str) -> Response | None:
    """The answer, or None where moto has to give it. Raises BodyGoneError."""
    if (
        "HTTP_AUTHORIZATION" not in environ
        or environ.get("HTTP_HOST", "").partition(":")[0] not in HOSTS
        or environ.get("QUERY_STRING", "") not in QUERIES
        or any(name in environ for name in CONDITIONS)
    ):
        return None
    bucket, _, name = path.removeprefix("/").partition("/")
    key = current(bucket, name) if not is_watched(bucket) else None
    if key is None or key.storage_class in ARCHIVE_STORAGE_CLASSES:
        return None
    return delivered(key, Headers(_headers(key, environ)), environ.get("HTTP_RANGE", ""))


def _headers(key: StoredKey, environ: Mapping[str, Any]) -> dict[str, str]:
    headers = {"x-amzn-RequestId": uuid.uuid4().hex, "Accept-Ranges": "bytes"}
    if key.version_id != "null":
        headers["x-amz-version-id"] = key.version_id
    headers |= key.response_dict
    if environ.get("HTTP_X_AMZ_CHECKSUM_MODE") == "ENABLED" and key.checksum_algorithm:
        composed = f"-{key.checksum_parts}" if key.checksum_type == "COMPOSITE" else ""
        headers[f"x-amz-checksum-{key.checksum_algorithm.lower()}"] = f"{key.checksum_value}{composed}"
        if key.checksum_type:
            headers["x-amz-checksum-type"] = key.checksum_type
    return headers | dict(key.metadata)
