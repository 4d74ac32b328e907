"""Which part answers a request: Athena is ours, Glue goes through our layers, everything else is moto's."""

import base64
import io
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.test import run_wsgi_app

from localaws.catalog.call import Answer, Call
from localaws.catalog.service import Catalog
from localaws.storage.changes import BucketChange, change_of
from localaws.storage.journal import Entry
from localaws.storage.keeper import Keeper
from localaws.wsgi import answer_of, read_body, read_json, request_of, respond_json, service_and_region

ATHENA = "AmazonAthena."
GLUE = "AWSGlue."
# What Athena keeps; queries and their results end with the server.
KEPT_OF_ATHENA = ("Create", "Update", "Delete", "Tag", "Untag")
JSON_HEADERS = {"Content-Type": "application/x-amz-json-1.1"}

log = logging.getLogger(__name__)


class Athena(Protocol):
    """What answers Athena's operations; errors of its own have `status`, `code` and `message`."""

    def handle(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]: ...


class Router:
    """The WSGI application of the local AWS."""

    def __init__(self, region: str, keeper: Keeper | None) -> None:
        self._region = region
        self._keeper = keeper
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._catalog = Catalog(self._glue_of_moto, self._record_glue)
        self._athena: Athena | None = None
        self._engine_ready: Callable[[], object] = bool

    def restore(self) -> None:
        """Bring back what the data folder has, before anybody asks."""
        if self._keeper is not None:
            self._keeper.restore(self._replayed)

    def connect(self, athena: Athena, engine_ready: Callable[[], object]) -> None:
        """From now on Athena's operations are answered; a query waits for the engine."""
        self._athena = athena
        self._engine_ready = engine_ready
        if self._keeper is not None:
            self._keeper.restore_athena(self._replayed)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        service, region = service_and_region(environ)
        try:
            if target.startswith(ATHENA) and self._athena is not None:
                call = Call(target.removeprefix(ATHENA), read_json(environ), region or self._region)
                answer = self._answer_athena(call)
                return respond_json(start_response, answer.status, answer.body)
            if target.startswith(GLUE):
                call = Call(target.removeprefix(GLUE), read_json(environ), region or self._region)
                answer = self._catalog.handle(call)
                return respond_json(start_response, answer.status, answer.body)
            if service == "s3" and self._keeper is not None and not target:
                return self._answer_s3(self._keeper, environ, start_response, region or self._region)
            return self._moto(environ, start_response)
        except NotImplementedError as error:
            return respond_json(start_response, 400, _error("UnknownOperationException", f"The local AWS: {error}"))
        except Exception as error:
            log.exception("%s %s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"], target)
            return respond_json(start_response, 500, _error("InternalFailure", f"{type(error).__name__}: {error}"))

    def _answer_athena(self, call: Call) -> Answer:
        assert self._athena is not None
        if call.operation == "StartQueryExecution":
            self._engine_ready()
        answer = _handled(self._athena, call)
        if answer.ok and self._keeper is not None and call.operation.startswith(KEPT_OF_ATHENA):
            self._keeper.record_call("athena", call)
        return answer

    def _answer_s3(
        self, keeper: Keeper, environ: WSGIEnvironment, start_response: StartResponse, region: str
    ) -> Iterable[bytes]:
        method, query = environ["REQUEST_METHOD"], environ.get("QUERY_STRING", "")
        path = environ["PATH_INFO"].encode("latin-1").decode()
        # Only requests to a bucket itself are read here: they are small, and objects are not.
        body = read_body(environ) if path.strip("/") and "/" not in path.strip("/") else b""
        if body:
            environ = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        change = change_of(method, path, query, body)
        if change is None:
            return self._moto(environ, start_response)
        content, status, headers = run_wsgi_app(self._moto, environ)
        if status.startswith("2"):
            if isinstance(change, BucketChange):
                request = {"method": method, "path": path, "query": query, "region": region}
                keeper.record_bucket(change.bucket, request, body)
            else:
                keeper.record_objects(change.bucket, change.keys)
        start_response(status, list(headers))
        return content

    def _record_glue(self, call: Call) -> None:
        if self._keeper is not None:
            self._keeper.record_call("glue", call)

    def _glue_of_moto(self, call: Call) -> Answer:
        headers = {**JSON_HEADERS, "X-Amz-Target": GLUE + call.operation}
        environ = request_of("glue", call.region, "POST", "/", "", headers, json.dumps(call.payload).encode())
        status, content = answer_of(self._moto, environ)
        return Answer(status, json.loads(content or b"{}"))

    def _replayed(self, entry: Entry) -> bool:
        if entry["kind"] == "bucket":
            body = base64.b64decode(entry["body"])
            environ = request_of("s3", entry["region"], entry["method"], entry["path"], entry["query"], {}, body)
            return answer_of(self._moto, environ)[0] < 300
        call = Call(entry["operation"], entry["payload"], entry["region"])
        if entry["service"] == "athena":
            return self._athena is not None and _handled(self._athena, call).ok
        return self._catalog.replay(call).ok


def _handled(athena: Athena, call: Call) -> Answer:
    from localaws.athena.errors import ApiError

    try:
        return Answer(*athena.handle(call.operation, call.payload))
    except ApiError as error:
        return Answer(error.status, _error(error.code, error.message))


def _error(code: str, message: str) -> dict[str, Any]:
    return {"__type": code, "message": message}
