"""A request's body into a file, in chunks, with its MD5 on the way."""

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import parse_qsl
from wsgiref.types import WSGIEnvironment

from localaws.storage.bodies import Bodies
from localaws.storage.stored import CHUNK_BYTES, Received, md5
from localaws.wsgi import MalformedRequestError

# Names in the query of a PUT that brings an object or a part of one; signed addresses have more of them.
PLAIN_NAMES = {"partnumber", "uploadid", "x-id", "awsaccesskeyid", "signature", "expires"}
TRAILER = "HTTP_X_AMZ_TRAILER"
# What says how the body is wrapped: it is unwrapped afterwards.
WRAPPING = ("HTTP_X_AMZ_CONTENT_SHA256", "HTTP_TRANSFER_ENCODING", "wsgi.input_terminated")


def is_upload(environ: WSGIEnvironment) -> bool:
    """Whether the request brings the content of an object or of a part of one."""
    names = {name.lower() for name, _ in parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True)}
    return (
        environ["REQUEST_METHOD"] == "PUT"
        and "HTTP_X_AMZ_COPY_SOURCE" not in environ
        and all(name in PLAIN_NAMES or name.startswith("x-amz-") for name in names)
        and _has_its_checksum(environ)
    )


def _has_its_checksum(environ: WSGIEnvironment) -> bool:
    # With the name of an algorithm alone moto computes the checksum from the body, which it must have then.
    algorithm = environ.get("HTTP_X_AMZ_SDK_CHECKSUM_ALGORITHM")
    return not algorithm or TRAILER in environ or f"HTTP_X_AMZ_CHECKSUM_{algorithm.upper()}" in environ


def receive(environ: WSGIEnvironment, bodies: Bodies) -> tuple[Received, WSGIEnvironment]:
    """The body in a file, and the request without it. Raises MalformedRequestError when it was cut."""
    body, digest, size = bodies.create(), md5(), 0
    trailer: dict[str, str] = {}
    try:
        with body.write() as file:
            for chunk in _chunks(environ, trailer):
                digest.update(chunk)
                size += file.write(chunk)
    except BaseException:
        body.close()
        raise
    rest = {name: value for name, value in environ.items() if name not in WRAPPING}
    checksums = {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in trailer.items()}
    return Received(body, size, digest.hexdigest()), {**rest, **checksums, "CONTENT_LENGTH": "0"}


def _chunks(environ: WSGIEnvironment, trailer: dict[str, str]) -> Iterator[bytes]:
    stream: BinaryIO = environ["wsgi.input"]
    if environ.get("HTTP_X_AMZ_CONTENT_SHA256", "").startswith("STREAMING-"):
        return _unwrapped(stream, trailer)
    if environ.get("wsgi.input_terminated"):
        return iter(lambda: stream.read(CHUNK_BYTES), b"")
    return _exactly(stream, int(environ.get("CONTENT_LENGTH") or 0))


def _unwrapped(stream: BinaryIO, trailer: dict[str, str]) -> Iterator[bytes]:
    """The content of `aws-chunked`: before each chunk its size in hexadecimal and `;chunk-signature=…`."""
    while size := _size(stream.readline()):
        yield from _exactly(stream, size)
        if stream.readline().strip():
            raise MalformedRequestError("A chunk of the request's body is longer than it says.")
    while line := stream.readline().strip():
        name, _, value = line.decode("latin-1").partition(":")
        trailer[name.strip().lower()] = value.strip()


def _size(line: bytes) -> int:
    try:
        return int(line.split(b";")[0], 16)
    except ValueError:
        raise MalformedRequestError("A chunk of the request's body does not say its size.") from None


def _exactly(stream: BinaryIO, size: int) -> Iterator[bytes]:
    left = size
    while left:
        chunk = stream.read(min(left, CHUNK_BYTES))
        if not chunk:
            raise MalformedRequestError("The request's body is shorter than it says.")
        left -= len(chunk)
        yield chunk
