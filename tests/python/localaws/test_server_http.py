"""What the server does with connections and bodies, whoever sends them."""

import http.client
import io
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import psutil
import pytest
from botocore.exceptions import ClientError

from tests.python.localaws.served import REGION, Served

BUCKET = "http-bodies"
SIGNED = {"Authorization": f"AWS4-HMAC-SHA256 Credential=any/20260101/{REGION}/s3/aws4_request, Signature=0"}
# Nothing, what looks like the ends and the heads of chunks, and one that is sent in parts.
BODIES = {
    "empty": b"",
    "end-of-chunks": b"\r\n0\r\n\r\n",
    "head-of-chunk": b"5;chunk-signature=abc\r\nhello\r\n" * 99,
    "random": os.urandom(70_000),
    "parts": os.urandom(9 << 20),
}


@pytest.fixture(scope="module")
def s3(apis: Served) -> Any:
    return apis.bucket(BUCKET)


@contextmanager
def connected(apis: Served) -> Iterator[socket.socket]:
    where = urlsplit(apis.endpoint_url)
    with socket.create_connection((where.hostname, where.port or 80), timeout=10) as connection:
        yield connection


def head(method: str, key: str, *headers: str) -> bytes:
    signed = f"Authorization: {SIGNED['Authorization']}"
    return "\r\n".join(
        [f"{method} /{BUCKET}/{key} HTTP/1.1", "Host: here", signed, *headers, "", ""]
    ).encode()


@pytest.mark.parametrize("algorithm", [None, "CRC32", "SHA256"])
@pytest.mark.parametrize("name", BODIES)
def test_what_is_put_is_read_back_byte_for_byte(s3: Any, name: str, algorithm: str | None) -> None:
    extra = {"ChecksumAlgorithm": algorithm} if algorithm else {}
    body = BODIES[name]

    s3.put_object(Bucket=BUCKET, Key="whole", Body=body, **extra)
    # A stream makes botocore send chunks with the checksum behind them.
    s3.put_object(Bucket=BUCKET, Key="stream", Body=io.BytesIO(body), **extra)
    s3.upload_fileobj(io.BytesIO(body), BUCKET, "upload", ExtraArgs=extra)

    for key in ("whole", "stream", "upload"):
        assert s3.get_object(Bucket=BUCKET, Key=key)["Body"].read() == body


@pytest.mark.parametrize(
    ("asked", "begin", "end"),
    [("bytes=0-0", 0, 1), ("bytes=5-", 5, None), ("bytes=-7", -7, None), ("bytes=60000-99999", 60_000, None)],
)
def test_a_part_of_an_object_is_that_part(s3: Any, asked: str, begin: int, end: int | None) -> None:
    body = BODIES["random"]
    s3.put_object(
        Bucket=BUCKET, Key="ranged", Body=body, ContentType="application/x-parquet", Metadata={"a": "b"}
    )

    answer = s3.get_object(Bucket=BUCKET, Key="ranged", Range=asked)

    part = body[begin:end]
    first = begin % len(body)
    assert answer["Body"].read() == part
    assert answer["ContentLength"] == len(part)
    assert answer["ContentRange"] == f"bytes {first}-{first + len(part) - 1}/{len(body)}"
    assert answer["ETag"] == s3.head_object(Bucket=BUCKET, Key="ranged")["ETag"]
    assert (answer["ContentType"], answer["Metadata"]) == ("application/x-parquet", {"a": "b"})


def test_a_part_beyond_the_end_and_of_nothing_are_s3s_errors(s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="short", Body=b"12345")

    with pytest.raises(ClientError, match="InvalidRange"):
        s3.get_object(Bucket=BUCKET, Key="short", Range="bytes=5-9")
    with pytest.raises(ClientError, match="NoSuchKey"):
        s3.get_object(Bucket=BUCKET, Key="not-there", Range="bytes=0-9")


def test_a_client_that_waits_for_the_go_ahead_gets_it_once(apis: Served, s3: Any) -> None:
    with connected(apis) as connection:
        connection.sendall(head("PUT", "expected", "Expect: 100-continue", "Content-Length: 5"))
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")

    assert s3.get_object(Bucket=BUCKET, Key="expected")["Body"].read() == b"hello"


def test_a_body_in_chunks_of_http_is_put_together(apis: Served, s3: Any) -> None:
    with connected(apis) as connection:
        connection.sendall(head("PUT", "chunked", "Transfer-Encoding: chunked"))
        connection.sendall(b"5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n")
        assert connection.recv(1000).startswith(b"HTTP/1.1 200 ")

    assert s3.get_object(Bucket=BUCKET, Key="chunked")["Body"].read() == b"helloabc"


def test_a_connection_stays_whatever_was_answered(apis: Served, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="kept", Body=b"here")
    where = urlsplit(apis.endpoint_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    requests = [
        ("PUT", f"/{BUCKET}/kept", b"there", 200),
        ("PUT", "/no-such-bucket/key", b"x" * 500_000, 404),
        ("HEAD", f"/{BUCKET}/kept", b"", 200),
        ("DELETE", f"/{BUCKET}/gone", b"", 204),
        ("GET", f"/{BUCKET}/gone", b"", 404),
        ("GET", f"/{BUCKET}/kept", b"", 200),
    ]

    for method, path, body, status in requests:
        connection.request(method, path, body, SIGNED)
        first = connection.sock
        answer = connection.getresponse()
        content = answer.read()
        assert (method, answer.status, answer.will_close) == (method, status, False)
        assert connection.sock is first

    assert content == b"there"


def test_an_operation_that_nobody_answers_is_an_error_that_no_client_retries(apis: Served) -> None:
    glue = apis.client("glue")

    with pytest.raises(ClientError) as raised:
        glue.get_catalog_import_status()

    assert raised.value.response["Error"]["Code"] == "UnknownOperationException"
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert raised.value.response["ResponseMetadata"]["RetryAttempts"] == 0


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(apis: Served, body: bytes) -> None:
    where = urlsplit(apis.endpoint_url)
    connection = http.client.HTTPConnection(where.hostname or "", where.port)
    connection.request("POST", "/", body, {"X-Amz-Target": "AWSGlue.GetTable"})

    answer = connection.getresponse()

    assert answer.status == 400
    assert json.loads(answer.read())["__type"] == "SerializationException"


def test_it_is_quiet(apis: Served, s3: Any) -> None:
    before = apis.log.read_text()

    s3.list_objects_v2(Bucket=BUCKET)

    assert apis.log.read_text() == before


def test_it_listens_on_this_machine_alone(apis: Served) -> None:
    sockets = psutil.Process(apis.process.pid).net_connections()

    assert {each.laddr.ip for each in sockets if each.status == psutil.CONN_LISTEN} == {"127.0.0.1"}
