"""Parts of S3's objects, read from their files.

moto reads the whole object to cut a part out of it; Trino reads Parquet in parts, footers first. What the
answer says beside its body, and whether there is one, is moto's to say: it is asked with HEAD.
"""

import io
import re
from wsgiref.types import WSGIApplication, WSGIEnvironment

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import FakeKey, s3_backends
from werkzeug.test import run_wsgi_app

CONTENT_RANGE = re.compile(r"bytes (?P<begin>\d+)-(?P<end>\d+)/\d+")
# What the SDKs add to a plain GetObject.
PLAIN_QUERIES = ("", "x-id=GetObject")

Response = tuple[str, list[tuple[str, str]], bytes]


def read_range(moto: WSGIApplication, environ: WSGIEnvironment, path: str) -> Response | None:
    """The answer to a GET of a part of an object; None when it is something else, which moto answers."""
    if environ["REQUEST_METHOD"] != "GET" or "HTTP_RANGE" not in environ:
        return None
    bucket, _, key = path.removeprefix("/").partition("/")
    if not key or environ.get("QUERY_STRING", "") not in PLAIN_QUERIES:
        return None
    head = {**environ, "REQUEST_METHOD": "HEAD", "wsgi.input": io.BytesIO(), "CONTENT_LENGTH": "0"}
    _, status, headers = run_wsgi_app(moto, head)
    match = CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
    found = _object(bucket, key)
    if not status.startswith("206") or match is None or found is None or found.etag != headers.get("ETag"):
        return None
    begin, end = int(match["begin"]), int(match["end"])
    found._value_buffer.seek(begin)
    return status, list(headers), found._value_buffer.read(end - begin + 1)


def _object(bucket: str, key: str) -> FakeKey | None:
    found = s3_backends[DEFAULT_ACCOUNT_ID]["aws"].buckets.get(bucket)
    kept = found.keys.get(key) if found is not None else None
    return kept if isinstance(kept, FakeKey) else None
