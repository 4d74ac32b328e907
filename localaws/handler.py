"""How a connection's requests are read and answered: HTTP/1.1, with the connection kept for the next one.

werkzeug's own handler closes each connection after one request; Trino and boto3 send thousands.
"""

import io
import logging
from collections.abc import Iterable
from contextlib import closing
from typing import Any, cast

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.wsgi import ClosingIterator

# Longer than any client keeps one: a connection that the server closes may be in use again just then.
IDLE_SECONDS = 3600
# What the application left unread is read for the next request's sake, when it is not too long.
MAX_UNREAD_BYTES = 1 << 20

log = logging.getLogger(__name__)


class Body(io.RawIOBase):
    """A request's body, as long as its Content-Length says."""

    def __init__(self, connection: io.BufferedIOBase, length: int) -> None:
        self._connection = connection
        self.unread = length

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: self.unread]
        count = self._connection.readinto(view) if view else 0
        self.unread -= count
        return count


class Handler(MotoRequestHandler):  # type: ignore[misc]
    """moto's handler for connections that stay; a quiet one."""

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    # Head and body of a short answer leave together.
    wbufsize = 1 << 16

    def run_wsgi(self) -> None:
        """Answer one request."""
        environ = self.make_environ()
        body = None
        if not environ.get("wsgi.input_terminated"):
            body = Body(cast(io.BufferedIOBase, self.rfile), int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = io.BufferedReader(body)
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> Any:
            started[:] = [status, headers]

        with closing(ClosingIterator(self.server.app(environ, start_response))) as content:
            self._read_rest(body)
            status, headers = started
            self._send(status, headers, content)

    def _read_rest(self, body: Body | None) -> None:
        if body is None or body.unread > MAX_UNREAD_BYTES:
            # Chunks that the application has not read cannot be told from the next request.
            self.close_connection = True
        elif body.unread:
            self.rfile.read(body.unread)

    def _send(self, status: str, headers: list[tuple[str, str]], content: Iterable[bytes]) -> None:
        code, _, reason = status.partition(" ")
        if "content-length" not in {name.lower() for name, _ in headers}:
            content = [b"".join(content)]
            if int(code) >= 200 and code not in ("204", "304"):
                headers = [*headers, ("Content-Length", str(len(content[0])))]
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        self.end_headers()
        if self.command != "HEAD":
            for chunk in content:
                self.wfile.write(chunk)

    def handle_expect_100(self) -> bool:
        """Have the client send the body: it waits for this."""
        continued = bool(super().handle_expect_100())
        self.wfile.flush()
        return continued

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:  # noqa: ARG002
        log.debug("%s %s %s", self.command, self.path, code)

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        log.log(logging.ERROR if type == "error" else logging.DEBUG, message, *args)
