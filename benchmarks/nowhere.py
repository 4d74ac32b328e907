"""An S3 that takes everything and keeps nothing: what is left of landing is what landing itself costs."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

PIECE_BYTES = 1 << 18
STARTED = b"<InitiateMultipartUploadResult><UploadId>any</UploadId></InitiateMultipartUploadResult>"
COMPLETED = b"<CompleteMultipartUploadResult><ETag>any</ETag></CompleteMultipartUploadResult>"
NOTHING = b"<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>"
_names: set[str] = set()


def start() -> str:
    """Start it in a thread of this process; its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


class _Handler(BaseHTTPRequestHandler):
    """Buckets, objects and uploads in parts, of which it knows the names alone."""

    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        """A bucket, an object, or a part of one."""
        self._drain()
        _names.add(urlsplit(self.path).path)
        self._answer(b"", ETag='"any"')

    def do_POST(self) -> None:
        """An upload in parts that begins or ends."""
        self._drain()
        self._answer(STARTED if urlsplit(self.path).query == "uploads" else COMPLETED)

    def do_HEAD(self) -> None:
        """Whether something of this name was sent."""
        self._answer(b"", 200 if urlsplit(self.path).path in _names else 404)

    def do_GET(self) -> None:
        """A list of nothing."""
        self._answer(NOTHING)

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _drain(self) -> None:
        if "Expect" in self.headers:
            self.send_response_only(100)
            self.end_headers()
        room = memoryview(bytearray(PIECE_BYTES))
        left = int(self.headers["Content-Length"] or 0)
        while left and (got := self.rfile.readinto(room[: min(left, PIECE_BYTES)])):
            left -= got

    def _answer(self, content: bytes, status: int = 200, **headers: str) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(content))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
