"""What stands in front of moto's S3: parts of objects from their files, changes into the journal."""

import io
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.test import run_wsgi_app

from localaws.storage.changes import READING, BucketChange, ObjectsChange, change_of
from localaws.storage.keeper import Keeper
from localaws.storage.ranges import read_range
from localaws.wsgi import read_body, service_and_region


class S3Front:
    """moto's S3, as a WSGI application."""

    def __init__(self, moto: WSGIApplication, keeper: Keeper | None, region: str) -> None:
        self._moto = moto
        self._keeper = keeper
        self._region = region

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        if environ["REQUEST_METHOD"] in READING:
            part = read_range(self._moto, environ, path)
            if part is None:
                return self._moto(environ, start_response)
            status, headers, content = part
            start_response(status, headers)
            return [content]
        if self._keeper is None:
            return self._moto(environ, start_response)
        return self._change(self._keeper, environ, start_response, path)

    def _change(
        self, keeper: Keeper, environ: WSGIEnvironment, start_response: StartResponse, path: str
    ) -> Iterable[bytes]:
        method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        # Only requests to a bucket itself are read here: they are small, and objects are not.
        body = b"" if _has_key(path) else read_body(environ)
        if body:
            environ = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        change = change_of(method, path, query, body)
        content, status, headers = run_wsgi_app(self._moto, environ)
        if not status.startswith("2"):
            pass
        elif isinstance(change, BucketChange):
            region = service_and_region(environ)[1] or self._region
            request = {"method": method, "path": path, "query": query, "region": region}
            keeper.record_bucket(change.bucket, request, body)
        elif isinstance(change, ObjectsChange):
            keeper.record_objects(change.bucket, change.keys)
        start_response(status, list(headers))
        return content


def _has_key(path: str) -> bool:
    return bool(path.removeprefix("/").partition("/")[2])
