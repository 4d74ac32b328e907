"""S3's objects over the wire: what is uploaded is what is read, in every form that clients send and ask."""

import base64
import hashlib
import http.client
import json
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
import requests
from botocore.exceptions import ClientError
from werkzeug.test import create_environ, run_wsgi_app

from localaws.storage.bodies import Bodies, BodyGoneError
from localaws.storage.front import S3Front
from localaws.wsgi import signature
from tests.python.localaws.served import REGION, Served

BUCKET = "objects"
SIGNED = signature("s3", REGION)
LOG_DELIVERY = "http://acs.amazonaws.com/groups/s3/LogDelivery"
CONTENT = bytes(range(256)) * 20


@pytest.fixture(scope="module")
def s3(apis: Served) -> Any:
    client = apis.bucket(BUCKET)
    client.put_object(Bucket=BUCKET, Key="known", Body=CONTENT)
    return client


def read(s3: Any, key: str) -> bytes:
    content: bytes = s3.get_object(Bucket=BUCKET, Key=key)["Body"].read()
    return content


def put(apis: Served, key: str, body: bytes, **headers: str) -> requests.Response:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return requests.put(f"{apis.endpoint_url}/{BUCKET}/{key}", body, headers={**SIGNED, **named}, timeout=30)


def described_as(answer: requests.Response) -> dict[str, str]:
    """Status and headers, without those of one answer alone and what browsers need."""
    own = ("x-amzn-requestid", "date", "access-control-allow-origin")
    headers = {name.lower(): value for name, value in answer.headers.items() if name.lower() not in own}
    return {**headers, "status": str(answer.status_code)}


class TestUploads:
    """Bodies as the SDKs wrap them."""

    def test_the_etag_is_the_md5(self, s3: Any, apis: Served) -> None:
        answer = put(apis, "plain", CONTENT)

        assert answer.headers["ETag"] == f'"{hashlib.md5(CONTENT).hexdigest()}"'  # noqa: S324
        assert read(s3, "plain") == CONTENT

    def test_chunks_with_signatures_and_a_trailer(self, s3: Any, apis: Served) -> None:
        checksum = base64.b64encode(zlib.crc32(CONTENT + b"end").to_bytes(4, "big")).decode()
        wrapped = b"".join(
            [
                b"1400;chunk-signature=aa\r\n" + CONTENT + b"\r\n",
                b"3;chunk-signature=bb\r\nend\r\n",
                b"0;chunk-signature=cc\r\nx-amz-checksum-crc32:" + checksum.encode() + b"\r\n\r\n",
            ]
        )

        answer = put(
            apis,
            "chunks",
            wrapped,
            x_amz_content_sha256="STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            x_amz_decoded_content_length=str(len(CONTENT) + 3),
            x_amz_trailer="x-amz-checksum-crc32",
            x_amz_sdk_checksum_algorithm="CRC32",
            Content_Encoding="aws-chunked",
        )

        assert answer.headers["x-amz-checksum-crc32"] == checksum
        assert read(s3, "chunks") == CONTENT + b"end"
        assert "ContentEncoding" not in s3.head_object(Bucket=BUCKET, Key="chunks")

    @pytest.mark.parametrize("wrapped", [b"many\r\nx", b"2\r\nabc\r\n0\r\n\r\n", b"9\r\nabc"])
    def test_chunks_that_are_none_leave_nothing(self, s3: Any, apis: Served, wrapped: bytes) -> None:
        answer = put(apis, "broken", wrapped, x_amz_content_sha256="STREAMING-UNSIGNED-PAYLOAD-TRAILER")

        assert answer.status_code == 400
        assert "broken" not in {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}

    def test_a_body_without_its_length(self, s3: Any, apis: Served) -> None:
        pieces = iter([b"one ", b"two"])
        address = f"{apis.endpoint_url}/{BUCKET}/pieces"

        requests.put(address, pieces, headers=SIGNED, timeout=30).raise_for_status()

        assert read(s3, "pieces") == b"one two"

    def test_an_upload_that_is_cut_leaves_nothing(self, s3: Any, apis: Served) -> None:
        address = urlsplit(apis.endpoint_url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        connection.putrequest("PUT", f"/{BUCKET}/cut")
        for name, value in {**SIGNED, "Content-Length": "1000"}.items():
            connection.putheader(name, value)
        connection.endheaders(b"half of it")
        connection.close()

        assert "cut" not in {each["Key"] for each in s3.list_objects_v2(Bucket=BUCKET)["Contents"]}

    def test_an_address_that_is_signed_beforehand(self, s3: Any) -> None:
        address = s3.generate_presigned_url("put_object", Params={"Bucket": BUCKET, "Key": "signed"})

        requests.put(address, CONTENT, timeout=30).raise_for_status()

        assert read(s3, "signed") == CONTENT

    def test_a_bucket_that_is_not_there_takes_nothing(self, s3: Any) -> None:
        with pytest.raises(ClientError, match="NoSuchBucket"):
            s3.put_object(Bucket="nowhere", Key="k", Body=CONTENT)

    def test_parts_keep_their_sizes(self, s3: Any) -> None:
        upload = {
            "Bucket": BUCKET,
            "Key": "parts",
            "UploadId": s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"],
        }
        bodies = (b"x" * 5 * 2**20, b"the end")
        parts = [
            {"PartNumber": number, "ETag": s3.upload_part(PartNumber=number, Body=body, **upload)["ETag"]}
            for number, body in enumerate(bodies, start=1)
        ]
        with pytest.raises(ClientError, match="InvalidPart"):
            s3.complete_multipart_upload(MultipartUpload={"Parts": [{**parts[0], "PartNumber": 9}]}, **upload)
        with pytest.raises(ClientError, match="EntityTooSmall"):
            s3.complete_multipart_upload(MultipartUpload={"Parts": parts[::-1]}, **upload)

        done = s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)

        digests = b"".join(hashlib.md5(body).digest() for body in bodies)  # noqa: S324
        assert done["ETag"] == f'"{hashlib.md5(digests).hexdigest()}-2"'  # noqa: S324
        assert read(s3, "parts") == b"".join(bodies)
        second = s3.head_object(Bucket=BUCKET, Key="parts", PartNumber=2)
        assert second["ContentLength"] == len(bodies[1])


class TestReads:
    """An object, or a part of it."""

    @pytest.mark.parametrize(
        ("asked", "content", "described"),
        [
            ("bytes=0-9", CONTENT[:10], "bytes 0-9/5120"),
            ("bytes=5000-", CONTENT[5000:], "bytes 5000-5119/5120"),
            ("bytes=-7", CONTENT[-7:], "bytes 5113-5119/5120"),
            ("bytes=-9999", CONTENT, "bytes 0-5119/5120"),
            ("bytes=5100-9999", CONTENT[5100:], "bytes 5100-5119/5120"),
        ],
    )
    def test_a_part(self, s3: Any, asked: str, content: bytes, described: str) -> None:
        answer = s3.get_object(Bucket=BUCKET, Key="known", Range=asked)

        assert answer["Body"].read() == content
        assert (answer["ContentRange"], answer["ContentLength"]) == (described, len(content))

    @pytest.mark.parametrize("asked", ["bytes=0-1,4-5", "lines=0-1", "bytes=nonsense"])
    def test_what_is_no_range_gives_everything(self, s3: Any, asked: str) -> None:
        answer = s3.get_object(Bucket=BUCKET, Key="known", Range=asked)

        assert answer["Body"].read() == CONTENT
        assert "ContentRange" not in answer

    @pytest.mark.parametrize("asked", [{}, {"Range": "bytes=2-4"}, {"x-amz-checksum-mode": "ENABLED"}])
    @pytest.mark.parametrize(
        "described",
        [
            {},
            {"ContentType": "text/csv", "Metadata": {"source": "b3"}, "Tagging": "year=2026"},
            {"ChecksumAlgorithm": "SHA256"},
            {"StorageClass": "STANDARD_IA", "ServerSideEncryption": "AES256"},
        ],
    )
    def test_what_is_read_past_moto_is_described_as_by_moto(
        self, s3: Any, apis: Served, described: dict[str, Any], asked: dict[str, str]
    ) -> None:
        s3.put_object(Bucket=BUCKET, Key="a b/ç+#?", Body=CONTENT, **described)
        url = f"{apis.endpoint_url}/{BUCKET}/{quote('a b/ç+#?')}"

        past, by_moto = (
            requests.get(url, headers={**SIGNED, **asked, **condition}, timeout=30)
            for condition in ({}, {"If-None-Match": '"another"'})
        )

        assert "access-control-allow-origin" in by_moto.headers
        assert "access-control-allow-origin" not in past.headers
        assert past.content == by_moto.content
        assert described_as(past) == described_as(by_moto)

    def test_who_may_not_read_does_not(self, apis: Served) -> None:
        s3 = apis.bucket("guarded")
        s3.put_object(Bucket="guarded", Key="known", Body=CONTENT)
        assert requests.get(f"{apis.endpoint_url}/guarded/known", timeout=30).status_code == 403
        assert s3.get_object(Bucket="guarded", Key="known")["ContentLength"] == len(CONTENT)
        denied = {
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:GetObject",
            "Resource": "arn:aws:s3:::guarded/*",
        }
        policy = {"Version": "2012-10-17", "Statement": [denied]}
        s3.put_bucket_policy(Bucket="guarded", Policy=json.dumps(policy))
        with pytest.raises(ClientError) as raised:
            s3.get_object(Bucket="guarded", Key="known")
        assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 403

    def test_a_read_of_a_bucket_with_a_log_is_in_it(self, apis: Served) -> None:
        s3, log = apis.bucket("logged"), apis.bucket("log")
        s3.put_object(Bucket="logged", Key="known", Body=CONTENT)
        granted = [
            {"Permission": permission, "Grantee": {"Type": "Group", "URI": LOG_DELIVERY}}
            for permission in ("WRITE", "READ_ACP")
        ]
        owner = s3.get_bucket_acl(Bucket="log")["Owner"]
        log.put_bucket_acl(Bucket="log", AccessControlPolicy={"Grants": granted, "Owner": owner})
        enabled = {"LoggingEnabled": {"TargetBucket": "log", "TargetPrefix": ""}}
        s3.put_bucket_logging(Bucket="logged", BucketLoggingStatus=enabled)

        s3.get_object(Bucket="logged", Key="known")

        keys = [found["Key"] for found in log.list_objects_v2(Bucket="log")["Contents"]]
        assert any(
            b"GET /logged/known HTTP" in log.get_object(Bucket="log", Key=key)["Body"].read() for key in keys
        )

    @pytest.mark.usefixtures("s3")
    def test_the_bucket_that_the_host_names_is_read(self, apis: Served) -> None:
        other = apis.bucket("other")
        other.put_object(Bucket="other", Key=f"{BUCKET}/known", Body=b"the other's")
        port = urlsplit(apis.endpoint_url).port
        headers = {**SIGNED, "Host": f"other.example.com:{port}"}
        found = requests.get(f"{apis.endpoint_url}/{BUCKET}/known", headers=headers, timeout=30)
        assert found.content == b"the other's"

    def test_the_latest_version_is_read_and_a_deleted_object_is_not(self, apis: Served) -> None:
        s3 = apis.bucket("versioned")
        s3.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
        for content in (b"first", b"second"):
            version = s3.put_object(Bucket="versioned", Key="known", Body=content)["VersionId"]

        found = s3.get_object(Bucket="versioned", Key="known")
        assert (found["Body"].read(), found["VersionId"]) == (b"second", version)
        s3.delete_object(Bucket="versioned", Key="known")
        with pytest.raises(ClientError) as raised:
            s3.get_object(Bucket="versioned", Key="known")
        assert raised.value.response["Error"]["Code"] == "NoSuchKey"

    @pytest.mark.parametrize("error", [KeyError("deleted"), BodyGoneError()])
    def test_what_misses_an_object_that_is_written_over_waits_for_it(
        self, error: Exception, tmp_path: Path
    ) -> None:
        written = threading.Event()

        def moto(_environ: Any, start_response: Any) -> list[bytes]:
            if not written.is_set():
                raise error
            start_response("200 OK", [])
            return [b"listed"]

        writer = threading.Timer(0.03, written.set)
        writer.start()
        front = S3Front(moto, Bodies(tmp_path), None, REGION)
        content, status, _ = run_wsgi_app(front, create_environ("/bucket"), buffered=True)
        writer.join()
        assert (status, b"".join(content)) == ("200 OK", b"listed")

    def test_past_its_end_there_is_nothing(self, s3: Any) -> None:
        with pytest.raises(ClientError) as raised:
            s3.get_object(Bucket=BUCKET, Key="known", Range="bytes=5120-")

        assert raised.value.response["Error"]["Code"] == "InvalidRange"

    def test_a_copy_outlives_what_it_was_copied_from(self, s3: Any) -> None:
        s3.put_object(Bucket=BUCKET, Key="original", Body=CONTENT)
        s3.copy_object(Bucket=BUCKET, Key="copy", CopySource=f"{BUCKET}/original")
        s3.put_object(Bucket=BUCKET, Key="original", Body=b"another")
        s3.delete_object(Bucket=BUCKET, Key="original")

        found = s3.get_object(Bucket=BUCKET, Key="copy")

        assert (found["Body"].read(), found["ContentLength"]) == (CONTENT, len(CONTENT))

    def test_what_is_written_over_meanwhile_is_read_whole(self, s3: Any, apis: Served) -> None:
        contents = [bytes([number]) * 300_000 for number in range(4)]
        writer, stop = apis.client("s3"), threading.Event()
        s3.put_object(Bucket=BUCKET, Key="moving", Body=contents[0])

        def write() -> None:
            while not stop.is_set():
                for content in contents:
                    writer.put_object(Bucket=BUCKET, Key="moving", Body=content)

        thread = threading.Thread(target=write)
        thread.start()
        try:
            found = [read(s3, "moving") for _ in range(40)]
            for _ in range(10):
                s3.copy_object(Bucket=BUCKET, Key="moved", CopySource=f"{BUCKET}/moving")
                found.append(read(s3, "moved"))
        finally:
            stop.set()
            thread.join()

        assert set(found) <= set(contents)


AFTERWARDS = """
import boto3, moto.server
from localaws.apis import serving
def client(url):
    who = dict(region_name="sa-east-1", aws_access_key_id="any", aws_secret_access_key="any")
    return boto3.client("s3", endpoint_url=url, **who)
def listed(s3):
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
    s3.put_object(Bucket="bucket", Key="k", Body=b"content")
    return [found["Key"] for found in s3.list_objects_v2(Bucket="bucket")["Contents"]]
with serving() as apis:
    print(listed(client(apis.endpoint_url)))
server = moto.server.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(listed(client("http://%s:%s" % server.get_host_and_port())))
server.stop()
"""


def test_moto_is_as_it_was_once_the_server_is_down() -> None:
    """It is shared by whatever else a process does with it; what it has imported meanwhile stays."""
    done = subprocess.run(
        [sys.executable, "-c", AFTERWARDS], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stdout.splitlines() == ["['k']", "['k']"], done.stderr
