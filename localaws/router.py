"""Which part answers a request: Athena is ours, everything else is moto's."""

import importlib
import json
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Protocol
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from localaws.engine.process import Engine

if TYPE_CHECKING:
    from localaws.server import LocalAws

ATHENA_TARGET = "AmazonAthena."
JSON_TYPE = "application/x-amz-json-1.1"

log = logging.getLogger(__name__)


class Service(Protocol):
    """What answers one AWS JSON service's operations."""

    def handle(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]: ...


class Router:
    """The WSGI application of the local AWS."""

    def __init__(self) -> None:
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._athena: Service | None = None
        self._engine: Engine | None = None

    def connect(self, engine: Engine, aws: "LocalAws") -> None:
        """From now on Athena's operations are answered, by this engine."""
        try:
            athena = importlib.import_module("localaws.athena")
        except ImportError as error:
            log.warning("Athena is not there: %s", error)
            return
        self._engine = engine
        self._athena = athena.AthenaService(engine.address, aws.endpoint_url, aws.region)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        target = environ.get("HTTP_X_AMZ_TARGET", "")
        if target.startswith(ATHENA_TARGET) and self._athena is not None:
            return self._answer(self._athena, target.removeprefix(ATHENA_TARGET), environ, start_response)
        answer: Iterable[bytes] = self._moto(environ, start_response)
        return answer

    def _answer(
        self, service: Service, operation: str, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        length = int(environ.get("CONTENT_LENGTH") or 0)
        status, body = _handled(service, operation, environ["wsgi.input"].read(length))
        content = json.dumps(body).encode()
        headers = [("Content-Type", JSON_TYPE), ("Content-Length", str(len(content)))]
        start_response(f"{status} {'OK' if status == 200 else 'Error'}", headers)
        return [content]


def _handled(service: Service, operation: str, body: bytes) -> tuple[int, dict[str, Any]]:
    from localaws.athena.errors import ApiError

    try:
        return service.handle(operation, json.loads(body or b"{}"))
    except ApiError as error:
        return error.status, {"__type": error.code, "message": error.message}
    except Exception:
        log.exception("Athena.%s failed", operation)
        return 500, {"__type": "InternalServerException", "message": f"{operation} failed; see the server's log"}
