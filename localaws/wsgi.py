"""Requests and answers of AWS's JSON services, as WSGI has them."""

import io
import json
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

JSON_TYPE = "application/x-amz-json-1.1"


def read_json(environ: WSGIEnvironment) -> dict[str, Any]:
    """The request's body. Raises ValueError when it is no JSON object."""
    payload = json.loads(read_body(environ) or b"{}")
    if not isinstance(payload, dict):
        raise ValueError("the request's body is no JSON object")
    return payload


def read_body(environ: WSGIEnvironment) -> bytes:
    """The request's body, whole; it can be read no second time."""
    if environ.get("wsgi.input_terminated"):
        return bytes(environ["wsgi.input"].read())
    return bytes(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))


def respond_json(start_response: StartResponse, status: int, body: dict[str, Any]) -> Iterable[bytes]:
    """Answer with a JSON body."""
    content = json.dumps(body).encode()
    headers = [("Content-Type", JSON_TYPE), ("Content-Length", str(len(content)))]
    start_response(f"{status} {HTTPStatus(status).phrase}", headers)
    return [content]


def forwarded(application: WSGIApplication, environ: WSGIEnvironment, body: bytes) -> tuple[int, bytes]:
    """Status and body of what another application answers to the same request with another body."""
    statuses: list[str] = []

    def start_response(status: str, headers: object, exc_info: object = None) -> Any:
        statuses.append(status)

    changed = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
    changed.pop("wsgi.input_terminated", None)
    changed.pop("HTTP_TRANSFER_ENCODING", None)
    content = b"".join(application(changed, start_response))
    return int(statuses[-1].split()[0]), content
