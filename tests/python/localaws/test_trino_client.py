"""A statement reaches the engine once, whatever becomes of the answer."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from localaws.athena.errors import QueryFailed
from localaws.athena.trino_client import EngineSession, QueryRun, TrinoClient
from localaws.engine.address import TrinoAddress


class Engine(ThreadingHTTPServer):
    """Answers each statement with a status and nothing else; with a status of 0 it closes the connection."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.status = status
        self.statements: list[bytes] = []


class Answer(BaseHTTPRequestHandler):
    server: Engine

    def do_POST(self) -> None:
        self.server.statements.append(self.rfile.read(int(self.headers["Content-Length"])))
        if self.server.status:
            self.send_response(self.server.status)
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            self.close_connection = True

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=[200, 429, 502, 503, 504, 0])
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    with Engine(request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_a_statement_without_an_answer_fails_and_is_not_sent_again(engine: Engine) -> None:
    client = TrinoClient(TrinoAddress("127.0.0.1", engine.server_port))
    with pytest.raises(QueryFailed, match="engine went away"):
        list(client.pages("insert", EngineSession("c", "s"), QueryRun(), lambda _: None))
    assert engine.statements == [b"insert"]
