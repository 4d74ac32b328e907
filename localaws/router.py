"""Which part answers a request: Athena is ours, Glue goes through our layers, everything else is moto's."""

import importlib
import json
import logging
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from localaws.catalog.call import Answer, Call
from localaws.catalog.service import Catalog
from localaws.engine.process import Engine
from localaws.wsgi import forwarded, read_json, respond_json

if TYPE_CHECKING:
    from localaws.server import LocalAws

ATHENA = "AmazonAthena."
GLUE = "AWSGlue."
# "Credential=<key>/<date>/<region>/<service>/aws4_request", of AWS's Signature Version 4.
SIGNED_REGION = re.compile(r"Credential=[^/]+/\d{8}/([^/]+)/")

log = logging.getLogger(__name__)


class Service(Protocol):
    """What answers one AWS JSON service's operations."""

    def handle(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]: ...


class Router:
    """The WSGI application of the local AWS."""

    def __init__(self, region: str) -> None:
        self._region = region
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._catalog = Catalog(self._glue_of_moto)
        self._athena: Service | None = None
        self._engine: Engine | None = None

    def connect(self, engine: Engine, aws: "LocalAws") -> None:
        """From now on Athena's operations are answered, by this engine."""
        try:
            service = importlib.import_module("localaws.athena").AthenaService
        except (ImportError, AttributeError) as error:
            log.warning("Athena is not there: %s", error)
            return
        self._engine = engine
        self._athena = service(engine.address, aws.endpoint_url, aws.region)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        try:
            if target.startswith(ATHENA) and self._athena is not None:
                return respond_json(
                    start_response, *self._answer_athena(target.removeprefix(ATHENA), environ)
                )
            if target.startswith(GLUE):
                call = Call(target.removeprefix(GLUE), read_json(environ), self._region_of(environ))
                answer = self._catalog.handle(call)
                return respond_json(start_response, answer.status, answer.body)
            moto: Iterable[bytes] = self._moto(environ, start_response)
            return moto
        except NotImplementedError as error:
            return respond_json(
                start_response, 400, _error("UnknownOperationException", f"The local AWS: {error}")
            )
        except Exception as error:
            log.exception("%s %s %s failed", environ["REQUEST_METHOD"], environ["PATH_INFO"], target)
            return respond_json(
                start_response, 500, _error("InternalFailure", f"{type(error).__name__}: {error}")
            )

    def _answer_athena(self, operation: str, environ: WSGIEnvironment) -> tuple[int, dict[str, Any]]:
        from localaws.athena.errors import ApiError

        assert self._athena is not None and self._engine is not None
        self._engine.wait_ready()
        try:
            return self._athena.handle(operation, read_json(environ))
        except ApiError as error:
            return error.status, _error(error.code, error.message)

    def _glue_of_moto(self, call: Call) -> Answer:
        environ = _environ(call)
        status, content = forwarded(self._moto, environ, json.dumps(call.payload).encode())
        return Answer(status, json.loads(content or b"{}"))

    def _region_of(self, environ: WSGIEnvironment) -> str:
        match = SIGNED_REGION.search(environ.get("HTTP_AUTHORIZATION", ""))
        return match[1] if match else self._region


def _environ(call: Call) -> WSGIEnvironment:
    """A request of Glue's that no client has sent: signed for the region it goes to, as moto reads it there."""
    credential = f"Credential=local/20000101/{call.region}/glue/aws4_request"
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/",
        "QUERY_STRING": "",
        "SCRIPT_NAME": "",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": f"glue.{call.region}.amazonaws.com",
        "CONTENT_TYPE": "application/x-amz-json-1.1",
        "HTTP_X_AMZ_TARGET": GLUE + call.operation,
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0",
        "wsgi.url_scheme": "http",
        "wsgi.version": (1, 0),
    }


def _error(code: str, message: str) -> dict[str, Any]:
    return {"__type": code, "message": message}
