"""Which part answers a request: Athena is ours, Glue goes through our layers, everything else is moto's."""

import base64
import json
import logging
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.test import create_environ

from localaws.athena.errors import ApiError
from localaws.catalog.call import Answer, Call
from localaws.catalog.service import Catalog
from localaws.moto_services import MotoServices
from localaws.storage.bodies import Bodies
from localaws.storage.front import S3Front
from localaws.storage.journal import Entry
from localaws.storage.keeper import Keeper
from localaws.wsgi import (
    JSON_TYPE,
    MalformedRequestError,
    answer_of,
    read_json,
    respond_json,
    service_and_region,
    signature,
)

ATHENA = "AmazonAthena."
GLUE = "AWSGlue."

log = logging.getLogger(__name__)


Operation = Callable[[str, dict[str, Any]], tuple[int, dict[str, Any]]]


class Athena(Protocol):
    """What answers Athena's operations, and does them again at the start. Raises ApiError."""

    def handle(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]: ...

    def replay(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]: ...


class Router:
    """The WSGI application of the local AWS."""

    def __init__(self, region: str, bodies: Bodies, keeper: Keeper | None) -> None:
        self._region = region
        self._keeper = keeper
        self._moto = MotoServices()
        self._s3 = S3Front(self._moto, bodies, keeper, region)
        self._catalog = Catalog(self._glue_of_moto, self._record_glue)
        self._athena: Athena | None = None

    def restore(self) -> None:
        """Bring back what the data folder has, before anybody asks."""
        if self._keeper is not None:
            self._keeper.restore(self._replayed)

    def connect(self, athena: Athena) -> None:
        """From now on Athena's operations are answered."""
        self._athena = athena
        if self._keeper is not None:
            self._keeper.restore_athena(self._replayed)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            return self._route(environ, start_response)
        except MalformedRequestError as error:
            status, body = 400, _error("SerializationException", str(error))
        except NotImplementedError as error:
            status, body = 400, _error("UnknownOperationException", f"Local AWS: {error}")
        except Exception as error:
            log.exception("%s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"])
            status, body = 500, _error("InternalFailure", f"{type(error).__name__}: {error}")
        return respond_json(start_response, status, body)

    def _route(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target.startswith(ATHENA):
            answer = self._answer_athena(self._call(environ, ATHENA))
            return respond_json(start_response, answer.status, answer.body)
        if target.startswith(GLUE):
            answer = self._catalog.handle(self._call(environ, GLUE))
            return respond_json(start_response, answer.status, answer.body)
        if not target and service_and_region(environ)[0] == "s3":
            return self._s3(environ, start_response)
        return self._moto(environ, start_response)

    def _call(self, environ: WSGIEnvironment, service: str) -> Call:
        operation = environ["HTTP_X_AMZ_TARGET"].removeprefix(service)
        return Call(operation, read_json(environ), service_and_region(environ)[1] or self._region)

    def _answer_athena(self, call: Call) -> Answer:
        if self._athena is None:
            return Answer(503, _error("ServiceUnavailableException", "The SQL engine is not up yet."))
        return _handled(self._athena.handle, call)

    def record_athena(self, operation: str, payload: dict[str, Any]) -> None:
        """Something that Athena keeps has changed."""
        if self._keeper is not None:
            self._keeper.record_call("athena", Call(operation, payload, self._region))

    def _record_glue(self, call: Call) -> None:
        if self._keeper is not None:
            self._keeper.record_call("glue", call, self._catalog.version_made_by(call))

    def _glue_of_moto(self, call: Call) -> Answer:
        headers = {"X-Amz-Target": GLUE + call.operation, **signature("glue", call.region)}
        content = json.dumps(call.payload).encode()
        environ = create_environ("/", method="POST", headers=headers, data=content, content_type=JSON_TYPE)
        status, content = answer_of(self._moto, environ)
        return Answer(status, json.loads(content or b"{}"))

    def _replayed(self, entry: Entry) -> bool:
        if entry["kind"] == "bucket":
            body = base64.b64decode(entry["body"])
            environ = create_environ(
                entry["path"],
                method=entry["method"],
                query_string=entry["query"],
                headers=signature("s3", entry["region"]),
                data=body,
            )
            return answer_of(self._moto, environ)[0] < 300
        call = Call(entry["operation"], entry["payload"], entry["region"])
        if entry["service"] == "athena":
            return self._athena is not None and _handled(self._athena.replay, call).ok
        return self._catalog.replay(call, entry.get("version")).ok


def _handled(do: Operation, call: Call) -> Answer:
    try:
        return Answer(*do(call.operation, call.payload))
    except ApiError as error:
        return Answer(error.status, {**_error(error.code, error.message), **error.members})


def _error(code: str, message: str) -> dict[str, Any]:
    return {"__type": code, "message": message}
