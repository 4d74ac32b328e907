"""The data folder: what was confirmed is there again, also after a kill -9."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localaws.errors import LocalAwsError
from localaws.storage.folder import opened
from tests.python.localaws.served import Served, served

BUCKET = "kept-bucket"
KEYS = ("plain", "a b+c%20d/é.txt", "x/y/z//w", "q?m=1&b#h", "ação/=,;:@$", "x/y/")


def stop(server: Served) -> None:
    server.process.communicate(timeout=30)


def kill(server: Served) -> None:
    server.process.kill()
    server.process.wait()


def bodies_in(data: Path) -> list[bytes]:
    return sorted(path.read_bytes() for path in (data / "objects").glob("*/*"))


def objects(s3: Any, bucket: str = BUCKET) -> dict[str, tuple[bytes, str, Any, dict[str, str], str]]:
    """All objects with their content, ETag, time, metadata and type."""
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    return {each["Key"]: described(s3.get_object(Bucket=bucket, Key=each["Key"])) for each in listed}


def described(answer: dict[str, Any]) -> tuple[bytes, str, Any, dict[str, str], str]:
    content: bytes = answer["Body"].read()
    return content, answer["ETag"], answer["LastModified"], answer["Metadata"], answer["ContentType"]


class TestObjects:
    """S3's objects, as they were."""

    @pytest.mark.parametrize("end", [stop, kill])
    def test_they_are_there_again(self, tmp_path: Path, end: Callable[[Served], object]) -> None:
        data = tmp_path / "data"
        with served(tmp_path, data) as server:
            s3 = server.bucket(BUCKET)
            self.change_everything(s3)
            before = objects(s3)
            end(server)

        with served(tmp_path, data) as server:
            s3 = server.client("s3")
            after = objects(s3)
            tags = s3.get_object_tagging(Bucket=BUCKET, Key="tagged")["TagSet"]
            grants = s3.get_object_acl(Bucket=BUCKET, Key="tagged")["Grants"]

        assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL", "READ"]
        assert sorted(before) == sorted([*KEYS, "tagged", "copy", "parts", "over"])
        assert after == before
        assert after["copy"][0] == after["parts"][0][:10] * 2
        assert tags == [{"Key": "a", "Value": "b"}]

    def change_everything(self, s3: Any) -> None:
        for number, key in enumerate(KEYS):
            s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode() * number, Metadata={"n": str(number)})
        s3.put_object(Bucket=BUCKET, Key="tagged", Body=b"t", ContentType="text/csv")
        s3.put_object_tagging(Bucket=BUCKET, Key="tagged", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
        s3.put_object_acl(Bucket=BUCKET, Key="tagged", ACL="public-read")
        s3.put_object(Bucket=BUCKET, Key="source", Body=b"0123456789" * 2)
        s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": "source"})
        upload = s3.create_multipart_upload(Bucket=BUCKET, Key="parts")["UploadId"]
        of_upload = {"Bucket": BUCKET, "Key": "parts", "UploadId": upload}
        bodies = (b"0123456789" * 600_000, b"the end")
        parts = [
            {"PartNumber": number, "ETag": s3.upload_part(PartNumber=number, Body=body, **of_upload)["ETag"]}
            for number, body in enumerate(bodies, start=1)
        ]
        s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **of_upload)
        for body in (b"first", b"second"):
            s3.put_object(Bucket=BUCKET, Key="over", Body=body)
        for key in ("gone/1", "gone/2", "gone/3&4"):
            s3.put_object(Bucket=BUCKET, Key=key, Body=b"x")
        s3.delete_object(Bucket=BUCKET, Key="gone/1")
        gone = [{"Key": "gone/2"}, {"Key": "gone/3&4"}, {"Key": "source"}]
        s3.delete_objects(Bucket=BUCKET, Delete={"Objects": gone, "Quiet": True})

    def test_versions_and_delete_markers_are_there_again(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with served(tmp_path, data) as server:
            s3 = server.bucket(BUCKET)
            s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
            for body in (b"1", b"2"):
                s3.put_object(Bucket=BUCKET, Key="v", Body=body)
            s3.delete_object(Bucket=BUCKET, Key="v")
            before = self.versions(s3)
            kill(server)

        with served(tmp_path, data) as server:
            s3 = server.client("s3")
            after = self.versions(s3)
            bodies = {
                s3.get_object(Bucket=BUCKET, Key="v", VersionId=version)["Body"].read()
                for version, marker, _ in after
                if not marker
            }

        assert after == before
        assert len(after) == 3
        assert bodies == {b"1", b"2"}

    def versions(self, s3: Any) -> list[tuple[str, bool, bool]]:
        listed = s3.list_object_versions(Bucket=BUCKET)
        return [
            (each["VersionId"], marker, each["IsLatest"])
            for kind, marker in (("Versions", False), ("DeleteMarkers", True))
            for each in listed[kind]
        ]

    def test_no_body_stays_that_no_object_has(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with served(tmp_path, data) as server:
            s3 = server.bucket(BUCKET)
            for number in range(5):
                s3.put_object(Bucket=BUCKET, Key="over", Body=str(number).encode())
            s3.put_object(Bucket=BUCKET, Key="deleted", Body=b"x")
            s3.delete_object(Bucket=BUCKET, Key="deleted")
            while_up = bodies_in(data)
            unfinished = s3.create_multipart_upload(Bucket=BUCKET, Key="never")["UploadId"]
            s3.upload_part(Bucket=BUCKET, Key="never", UploadId=unfinished, PartNumber=1, Body=b"part")
            kill(server)
        with served(tmp_path, data):
            after = bodies_in(data)

        assert while_up == after == [b"4"]

    def test_a_deleted_bucket_stays_deleted(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with served(tmp_path, data) as server:
            s3 = server.bucket(BUCKET)
            server.bucket("another-one")
            s3.delete_bucket(Bucket=BUCKET)
            kill(server)

        with served(tmp_path, data) as server:
            buckets = [each["Name"] for each in server.client("s3").list_buckets()["Buckets"]]

        assert buckets == ["another-one"]


def test_whatever_was_confirmed_before_a_kill_is_there_whole(tmp_path: Path) -> None:
    """Eight writers, killed in the middle of it: no confirmed object is missing, none is half."""
    data = tmp_path / "data"
    confirmed: dict[str, bytes] = {}
    enough = threading.Event()
    with served(tmp_path, data) as server:
        server.bucket(BUCKET)
        writers = [
            threading.Thread(target=write_until_it_ends, args=(server, number, confirmed, enough))
            for number in range(8)
        ]
        for writer in writers:
            writer.start()
        assert enough.wait(30)
        kill(server)
        for writer in writers:
            writer.join()

    with served(tmp_path, data) as server:
        found = {key: each[0] for key, each in objects(server.client("s3")).items()}
        said = server.log.read_text()

    assert len(confirmed) > 100
    missing = {key for key, body in confirmed.items() if found.get(key) not in (body, after_it(body))}
    assert not missing
    assert all(body == key_and_round(key, body) for key, body in found.items())
    assert "not in the data folder" not in said


def write_until_it_ends(
    server: Served, writer: int, confirmed: dict[str, bytes], enough: threading.Event
) -> None:
    s3 = server.client("s3")
    s3.meta.config.merge(Config(retries={"max_attempts": 0}))
    for number in range(100_000):
        # Some keys are written over, so that a kill may come between the old body and the new one.
        key = f"{writer}/{number % 30}"
        body = content(key, number // 30)
        try:
            s3.put_object(Bucket=BUCKET, Key=key, Body=body)
        except (BotoCoreError, ClientError):
            return
        confirmed[key] = body
        if len(confirmed) > 120 and number > 40:
            enough.set()


def content(key: str, time: int) -> bytes:
    return f"{key} {time};".encode() * 2000


def after_it(body: bytes) -> bytes:
    """What the same writer wrote next, which may have been kept without having been confirmed."""
    key, time = body.split(b";")[0].decode().split(" ")
    return content(key, int(time) + 1)


def key_and_round(key: str, body: bytes) -> bytes:
    return content(key, int(body.split(b";")[0].decode().split(" ")[1]))


class TestFolder:
    """Whose folder it is."""

    def test_two_servers_do_not_share_one(self, tmp_path: Path) -> None:
        with opened(tmp_path / "data"), pytest.raises(LocalAwsError, match="in use"):
            opened(tmp_path / "data").__enter__()

    def test_a_folder_of_other_things_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "thesis.tex").write_text("")

        with pytest.raises(LocalAwsError, match="no data folder"):
            opened(tmp_path).__enter__()

        assert [path.name for path in tmp_path.iterdir()] == ["thesis.tex"]

    def test_another_format_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "localaws.json").write_text('{"what": "finlake local AWS", "format": 99}')

        with pytest.raises(LocalAwsError, match="another format"):
            opened(tmp_path).__enter__()
