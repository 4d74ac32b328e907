"""Requests and answers of AWS's services, as WSGI has them."""

import re
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import orjson
from werkzeug.datastructures import Headers
from werkzeug.test import run_wsgi_app

JSON_TYPE = "application/x-amz-json-1.1"
# "Credential=<key>/<date>/<region>/<service>/aws4_request", of AWS's Signature Version 4.
SIGNED_FOR = re.compile(r"Credential=[^/]+/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/")


class MalformedRequestError(Exception):
    """A request whose body cannot be read."""


def read_json(environ: WSGIEnvironment) -> dict[str, Any]:
    """The request's body. Raises MalformedRequestError when it is no JSON object."""
    try:
        payload = orjson.loads(read_body(environ) or b"{}")
    except ValueError as error:
        raise MalformedRequestError(f"The request's body is no JSON: {error}") from None
    if not isinstance(payload, dict):
        raise MalformedRequestError("The request's body is no JSON object.")
    return payload


def read_body(environ: WSGIEnvironment) -> bytes:
    """The request's body, whole; it can be read no second time."""
    if environ.get("wsgi.input_terminated"):
        return bytes(environ["wsgi.input"].read())
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def respond_json(start_response: StartResponse, status: int, body: dict[str, Any]) -> Iterable[bytes]:
    """Answer with a JSON body."""
    content = orjson.dumps(body)
    headers = [("Content-Type", JSON_TYPE), ("Content-Length", str(len(content)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [content]


def service_and_region(environ: WSGIEnvironment) -> tuple[str, str | None]:
    """What the request is signed for; what is not signed is S3's, as moto has it too."""
    match = SIGNED_FOR.search(environ.get("HTTP_AUTHORIZATION", ""))
    return (match["service"].lower(), match["region"]) if match else ("s3", None)


def signature(service: str, region: str) -> dict[str, str]:
    """The header that sends a request nobody signed to a service in a region, as moto reads it."""
    credential = f"Credential=local/20000101/{region}/{service}/aws4_request"
    return {"Authorization": f"AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature=0"}


def answer_of(application: WSGIApplication, environ: WSGIEnvironment) -> tuple[int, bytes]:
    """Status and body of what an application answers."""
    status, _, content = response_of(application, environ)
    return status, content


def response_of(application: WSGIApplication, environ: WSGIEnvironment) -> tuple[int, Headers, bytes]:
    """Status, headers and body of what an application answers."""
    content, status, headers = run_wsgi_app(application, environ, buffered=True)
    return int(status.split()[0]), headers, b"".join(content)
