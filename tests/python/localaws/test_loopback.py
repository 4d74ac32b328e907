"""The server's own clients: what they ask is answered without a connection, unless it is streamed."""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from localaws import loopback
from localaws.wsgi import read_body, service_and_region
from tests.python.localaws.served import REGION

# Nobody answers there.
NOWHERE = "http://127.0.0.1:1"
MISSING = b"<Error><Code>NoSuchKey</Code><Message>None of that name</Message></Error>"


class Application:
    """Keeps what it is asked, and gives it back."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.asked_as: set[tuple[str, str | None]] = set()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked_as.add(service_and_region(environ))
        path, content = environ["PATH_INFO"], b""
        if environ["REQUEST_METHOD"] == "PUT":
            self.objects[path] = read_body(environ)
        elif path not in self.objects:
            start_response("404 Not Found", [("Content-Type", "application/xml")])
            return [MISSING]
        else:
            content = self.objects[path]
        start_response("200 OK", [("Content-Length", str(len(content)))])
        return [content]


@pytest.fixture
def application() -> Application:
    return Application()


@pytest.fixture
def s3(application: Application) -> Any:
    return loopback.client("s3", NOWHERE, REGION, application, connections=2)


@pytest.mark.parametrize("content", [b"", b"content", bytes(range(256)) * 5000])
def test_what_is_put_comes_back_without_a_connection(s3: Any, content: bytes) -> None:
    s3.put_object(Bucket="bucket", Key="a key/ü?#", Body=content)
    assert s3.get_object(Bucket="bucket", Key="a key/ü?#")["Body"].read() == content


def test_the_application_knows_for_which_service_and_region(s3: Any, application: Application) -> None:
    s3.put_object(Bucket="bucket", Key="key", Body=b"content")
    assert application.asked_as == {("s3", REGION)}


def test_an_error_is_the_clients_own(s3: Any) -> None:
    with pytest.raises(ClientError) as raised:
        s3.get_object(Bucket="bucket", Key="missing")
    assert raised.value.response["Error"]["Code"] == "NoSuchKey"


def test_what_is_streamed_goes_by_the_network(s3: Any) -> None:
    with TemporaryFile() as file, pytest.raises(EndpointConnectionError):
        s3.put_object(Bucket="bucket", Key="key", Body=file)
