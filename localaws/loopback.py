"""The server as its own client: its requests go to the application as they are, without a connection.

A result is two objects in S3, what a statement writes is looked up in Glue: by the network each takes the
server's CPU twice.
"""

import io
from functools import partial
from typing import Any, cast
from urllib.parse import urlsplit
from wsgiref.types import WSGIApplication

import boto3
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.config import Config
from moto.core.botocore_stubber import MockRawResponse
from werkzeug.test import create_environ

from localaws.wsgi import response_of, signature


def client(
    service: str, endpoint_url: str, region: str, application: WSGIApplication, connections: int
) -> Any:
    """boto3's client of a service at this address, which the application answers.

    What is streamed goes by the network, with so many connections at the most.
    """
    make: Any = boto3.client
    made = make(
        service,
        endpoint_url=endpoint_url,
        region_name=region,
        # To name who asks is enough between the two, and costs nothing.
        config=Config(
            signature_version=UNSIGNED,
            request_checksum_calculation="when_required",
            max_pool_connections=connections,
            retries={"mode": "standard", "max_attempts": 2},
        ),
    )
    made.meta.events.register("before-send", partial(_answered, application, signature(service, region)))
    return made


def _answered(
    application: WSGIApplication, name: dict[str, str], request: AWSPreparedRequest, **_event: Any
) -> AWSResponse | None:
    for header, value in name.items():
        request.headers[header] = value
    body = request.body
    if isinstance(body, io.BytesIO):
        body = body.getvalue()
    if not isinstance(body, bytes | str | None):
        return None
    url = urlsplit(request.url)
    environ = create_environ(
        url.path,
        f"{url.scheme}://{url.netloc}",
        url.query,
        method=request.method,
        headers=[(name, _text(value)) for name, value in request.headers.items()],
        data=body or b"",
    )
    status, headers, content = response_of(application, environ)
    return AWSResponse(request.url, status, cast(Any, headers), MockRawResponse(content))


def _text(value: bytes | str) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value
