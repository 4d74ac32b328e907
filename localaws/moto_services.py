"""moto's services as one application."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIEnvironment

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from localaws.wsgi import service_and_region

# Signed for S3, and another service of moto's.
S3_CONTROL = "/v20180820/"


class MotoServices:
    """Hands each request to the service it is for.

    moto's own dispatcher lists its folders on disk for each request, one request at a time: more than a third
    of the CPU that these two take to answer, so what is signed for them does not go by it.
    """

    def __init__(self) -> None:
        self._dispatcher = DomainDispatcherApplication(create_backend_app)
        self._direct = {service: create_backend_app(service) for service in ("glue", "s3")}

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        service, region = service_and_region(environ)
        is_direct = region is not None and not environ["PATH_INFO"].startswith(S3_CONTROL)
        application = self._direct.get(service, self._dispatcher) if is_direct else self._dispatcher
        answer: Iterable[bytes] = application(environ, start_response)
        return answer
