"""What stands in front of moto's S3: contents past it from and into files, changes into the journal."""

import io
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential
from werkzeug.test import run_wsgi_app

from localaws.storage.bodies import Bodies, BodyGoneError
from localaws.storage.changes import READING, BucketChange, ObjectsChange, change_of
from localaws.storage.delivery import delivered
from localaws.storage.incoming import is_upload, receive
from localaws.storage.keeper import Keeper
from localaws.storage.plain import plain_get
from localaws.storage.stored import Passing, passing
from localaws.wsgi import read_body, service_and_region


def _patient(*errors: type[Exception]) -> Retrying:
    return Retrying(
        retry=retry_if_exception_type(errors),
        wait=wait_exponential(multiplier=0.001),
        stop=stop_after_attempt(10),
        reraise=True,
    )


# An object that is written over just then is looked for again, and a listing made again that missed one: moto
# lists a copy of the keys and looks each of them up, and disposes of an object before the next one is there.
# Waiting lets the thread go on that is about to write it.
READS = _patient(BodyGoneError, KeyError)
# Nothing has been copied yet when a body is gone.
COPIES = _patient(BodyGoneError)


class S3Front:
    """moto's S3, as a WSGI application."""

    def __init__(self, moto: WSGIApplication, bodies: Bodies, keeper: Keeper | None, region: str) -> None:
        self._moto = moto
        self._bodies = bodies
        self._keeper = keeper
        self._region = region

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        if not _has_key(path):
            return self._change_of_bucket(environ, start_response, path)
        if is_upload(environ):
            received, environ = receive(environ, self._bodies)
            environ["wsgi.input"] = io.BytesIO()
            return self._change(Passing(received), environ, start_response, path)
        if environ["REQUEST_METHOD"] == "GET":
            return READS(self._get, environ, start_response, path)
        if "HTTP_X_AMZ_COPY_SOURCE" in environ and "HTTP_X_AMZ_COPY_SOURCE_RANGE" not in environ:
            return COPIES(lambda: self._change(Passing(copies=True), environ, start_response, path))
        if environ["REQUEST_METHOD"] in READING:
            return READS(self._moto, environ, start_response)
        return self._change(Passing(), environ, start_response, path)

    def _get(self, environ: WSGIEnvironment, start_response: StartResponse, path: str) -> Iterable[bytes]:
        if (plain := plain_get(environ, path)) is not None:
            start_response(*plain[:2])
            return plain[2]
        whole = {name: value for name, value in environ.items() if name != "HTTP_RANGE"}
        with passing(Passing(delivers=True)) as past:
            content, status, headers = run_wsgi_app(self._moto, whole, buffered=True)
        if past.delivered is not None and status.startswith("200"):
            status, described, content = delivered(past.delivered, headers, environ.get("HTTP_RANGE", ""))
            start_response(status, described)
        else:
            start_response(status, list(headers))
        return content

    def _change_of_bucket(
        self, environ: WSGIEnvironment, start_response: StartResponse, path: str
    ) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in READING:
            return READS(self._moto, environ, start_response)
        if self._keeper is None:
            return self._moto(environ, start_response)
        # Read here: such bodies are small.
        body = read_body(environ)
        if body:
            environ = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self._change(Passing(), environ, start_response, path, body)

    def _change(
        self,
        past: Passing,
        environ: WSGIEnvironment,
        start_response: StartResponse,
        path: str,
        body: bytes = b"",
    ) -> Iterable[bytes]:
        method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        with passing(past):
            content, status, headers = run_wsgi_app(self._moto, environ, buffered=True)
        if self._keeper is not None and status.startswith("2"):
            change = change_of(method, path, query, body)
            if isinstance(change, BucketChange):
                region = service_and_region(environ)[1] or self._region
                request = {"method": method, "path": path, "query": query, "region": region}
                self._keeper.record_bucket(change.bucket, request, body)
            elif isinstance(change, ObjectsChange):
                self._keeper.record_objects(change.bucket, change.keys)
        start_response(status, list(headers))
        return content


def _has_key(path: str) -> bool:
    return bool(path.removeprefix("/").partition("/")[2])
