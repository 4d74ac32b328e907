"""The data folder: what was confirmed is there again, also after a kill -9."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from localaws.errors import LocalAwsError
from localaws.storage.changes import BucketChange, ObjectsChange, change_of
from localaws.storage.compaction import compacted
from localaws.storage.folder import opened
from localaws.storage.journal import Journal, read_journal, rewrite_journal
from tests.python.localaws.served import REGION, Served, served

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


class TestCatalog:
    """The Glue catalog, as it was."""

    def test_it_is_there_again(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with served(tmp_path, data) as server:
            glue = server.client("glue")
            self.change_everything(glue)
            before = self.everything(glue)
            kill(server)

        with served(tmp_path, data) as server:
            glue = server.client("glue")
            after = self.everything(glue)
            # It can be worked on: the version that is read is the one that an update names.
            read = glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"]
            glue.update_table(DatabaseName="d", TableInput={"Name": "t"}, VersionId=read)

        assert after == before
        assert [found["Name"] for found in after["tables"]] == ["anew", "t"]
        # 1 and 4 were forgotten by the updates after them, 3 was deleted.
        assert after["versions"] == {"2": "0", "5": "3", "6": "4"}
        assert after["tables"][1]["Parameters"] == {"metadata_location": "4"}
        assert after["statistics"] == [{"ColumnName": "a", "ColumnType": "bigint"}]
        assert [found["Values"] for found in after["partitions"]] == [["1"], ["3"]]

    def change_everything(self, glue: Any) -> None:
        for database in ("d", "gone"):
            glue.create_database(DatabaseInput={"Name": database})
            for name in ("t", "dropped", "anew"):
                keys = [{"Name": "k", "Type": "string"}]
                glue.create_table(DatabaseName=database, TableInput={"Name": name, "PartitionKeys": keys})
        for number in range(5):
            read = glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"]
            parameters = {"metadata_location": str(number)}
            glue.update_table(
                DatabaseName="d",
                TableInput={"Name": "t", "Parameters": parameters},
                VersionId=read,
                SkipArchive=number in (0, 3),
            )
        glue.delete_table_version(DatabaseName="d", TableName="t", VersionId="3")
        of_table = {"DatabaseName": "d", "TableName": "t"}
        values = [{"Values": [value]} for value in ("1", "2", "3")]
        glue.batch_create_partition(**of_table, PartitionInputList=values)
        glue.delete_partition(**of_table, PartitionValues=["2"])
        glue.update_column_statistics_for_table(
            **of_table,
            ColumnStatisticsList=[
                {
                    "ColumnName": "a",
                    "ColumnType": "bigint",
                    "AnalyzedTime": "2026-01-02T03:04:05Z",
                    "StatisticsData": {
                        "Type": "LONG",
                        "LongColumnStatisticsData": {"NumberOfNulls": 1, "NumberOfDistinctValues": 2},
                    },
                }
            ],
        )
        glue.delete_table(DatabaseName="d", Name="dropped")
        glue.delete_table(DatabaseName="d", Name="anew")
        glue.create_table(DatabaseName="d", TableInput={"Name": "anew"})
        glue.delete_database(Name="gone")

    def everything(self, glue: Any) -> dict[str, Any]:
        of_table = {"DatabaseName": "d", "TableName": "t"}
        statistics = glue.get_column_statistics_for_table(**of_table, ColumnNames=["a"])
        tables = glue.get_tables(DatabaseName="d")["TableList"]
        return {
            "databases": [found["Name"] for found in glue.get_databases()["DatabaseList"]],
            "tables": sorted((to_the_second(found) for found in tables), key=lambda found: found["Name"]),
            "versions": {
                found["VersionId"]: found["Table"]["Parameters"]["metadata_location"]
                for found in glue.get_table_versions(**of_table)["TableVersions"]
            },
            "partitions": [
                {"Values": found["Values"]} for found in glue.get_partitions(**of_table)["Partitions"]
            ],
            "statistics": [
                {name: found[name] for name in ("ColumnName", "ColumnType")}
                for found in statistics["ColumnStatisticsList"]
            ],
        }


def to_the_second(table: dict[str, Any]) -> dict[str, Any]:
    """Times come back to some milliseconds."""
    return {
        name: value.replace(microsecond=0) if name.endswith("Time") else value
        for name, value in table.items()
    }


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


class TestJournal:
    """The journal's lines: whole or not at all."""

    def test_a_last_line_that_was_cut_is_left_out(self, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        journal = Journal(path)
        journal.append({"n": 1})
        journal.append({"n": 2})
        journal.close()
        path.write_bytes(path.read_bytes()[:-3])

        assert list(read_journal(path)) == [{"n": 1}]

    def test_a_damaged_line_before_is_an_error_with_its_number(self, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        path.write_text('{"n":1}\n{"n":\n{"n":3}\n')

        with pytest.raises(ValueError, match="line 2 is damaged"):
            list(read_journal(path))

    def test_the_server_says_which_line_is_damaged(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with opened(data) as folder:
            folder.journal.write_text("nonsense\n")

        with pytest.raises(AssertionError, match=r"journal.jsonl: line 1 is damaged"), served(tmp_path, data):
            pass

    def test_a_rewriting_that_was_cut_leaves_the_old_one(self, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        rewrite_journal(path, [{"n": 1}])

        def cut() -> Any:
            yield {"n": 2}
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            rewrite_journal(path, cut())

        assert list(read_journal(path)) == [{"n": 1}]


def call(operation: str, **payload: Any) -> dict[str, Any]:
    return {"kind": "call", "service": "glue", "region": REGION, "operation": operation, "payload": payload}


class TestCompaction:
    """What has no outcome any more is left out; the rest stays in its order."""

    def test_of_a_table_the_current_version_stays_and_those_that_are_archived(self) -> None:
        made = self.versioned(1, "CreateTable")
        archiving = [self.versioned(version, "UpdateTable", SkipArchive=False) for version in (2, 4, 6)]
        forgetting = [self.versioned(version, "UpdateTable", SkipArchive=True) for version in (3, 5, 7)]
        deleted = call("BatchDeleteTableVersion", DatabaseName="d", TableName="T", VersionIds=["4", "99"])
        entries = [each for pair in zip(archiving, forgetting, strict=True) for each in pair]

        kept = compacted([made, *entries[:3], deleted, *entries[3:]])

        # 1 and 3 were archived and 7 is current; each of 3, 5 and 7 had the one before it forgotten.
        assert [entry["version"] for entry in kept] == ["1", "3", "5", "7"]
        assert not any(entry["payload"].get("SkipArchive") for entry in kept)

    def test_the_first_version_of_a_table_goes_with_the_next_that_stays(self) -> None:
        made = self.versioned(1, "CreateTable")
        forgetting = [self.versioned(version, "UpdateTable", SkipArchive=True) for version in (2, 3)]

        kept = compacted([made, *forgetting])

        assert [entry["version"] for entry in kept] == ["1", "3"]
        assert kept[1]["payload"]["SkipArchive"]

    def versioned(self, version: int, operation: str, **payload: Any) -> dict[str, Any]:
        described = call(operation, DatabaseName="d", TableInput={"Name": "t"}, **payload)
        return {**described, "version": str(version)}

    def test_a_deletion_takes_all_before_it_and_nothing_after(self) -> None:
        database = call("CreateDatabase", DatabaseInput={"Name": "d"})
        first = call("CreateTable", DatabaseName="d", TableInput={"Name": "T"})
        partition = call("BatchCreatePartition", DatabaseName="d", TableName="t", PartitionInputList=[])
        other = call("CreateTable", DatabaseName="d", TableInput={"Name": "other"})
        second = call("CreateTable", DatabaseName="d", TableInput={"Name": "t"})
        dropped = call("DeleteTable", DatabaseName="D", Name="t")

        assert compacted([database, first, partition, other, dropped, second]) == [database, other, second]
        assert compacted([database, first, other, call("DeleteDatabase", Name="d")]) == []
        several = call("BatchDeleteTable", DatabaseName="d", TablesToDelete=["t", "other"])
        assert compacted([database, first, other, several]) == [database]

    def test_of_a_key_the_last_state_stays_and_buckets_come_first(self) -> None:
        bucket = {"kind": "bucket", "bucket": "b", "method": "PUT", "query": ""}
        versions = [{"kind": "object", "bucket": "b", "key": "k", "versions": [each]} for each in "12"]
        gone = {"kind": "object", "bucket": "b", "key": "gone", "versions": []}
        written = {**gone, "versions": ["x"]}

        assert compacted([written, versions[0], bucket, gone, versions[1]]) == [bucket, versions[1]]

    def test_a_deleted_bucket_takes_its_settings_along(self) -> None:
        made = {"kind": "bucket", "bucket": "b", "method": "PUT", "query": ""}
        settled = {**made, "query": "versioning"}
        deleted = {**made, "method": "DELETE"}
        unsettled = {**made, "method": "DELETE", "query": "policy"}

        assert compacted([made, settled, deleted, made, unsettled]) == [made, unsettled]


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "change"),
    [
        ("GET", "/b/k", "", b"", None),
        ("PUT", "/b/k/l", "", b"", ObjectsChange("b", ("k/l",))),
        ("PUT", "/b//k", "", b"", ObjectsChange("b", ("/k",))),
        ("PUT", "/b/k", "tagging", b"", ObjectsChange("b", ("k",))),
        ("PUT", "/b/k", "partNumber=1&uploadId=u", b"", None),
        ("POST", "/b/k", "uploads", b"", None),
        ("POST", "/b/k", "uploadId=u", b"", ObjectsChange("b", ("k",))),
        ("DELETE", "/b/k", "uploadId=u", b"", None),
        ("DELETE", "/b/k", "versionId=v", b"", ObjectsChange("b", ("k",))),
        ("PUT", "/b", "", b"", BucketChange("b")),
        ("PUT", "/b/", "versioning", b"", BucketChange("b")),
        (
            "POST",
            "/b",
            "delete",
            b"<Delete><Object><Key>one&amp;a</Key></Object><Object><Key>two</Key></Object></Delete>",
            ObjectsChange("b", ("one&a", "two")),
        ),
    ],
)
def test_a_request_tells_what_it_changes(
    method: str, path: str, query: str, body: bytes, change: ObjectsChange | BucketChange | None
) -> None:
    assert change_of(method, path, query, body) == change


def test_a_journal_is_json_that_people_can_read(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with served(tmp_path, data) as server:
        server.bucket(BUCKET).put_object(Bucket=BUCKET, Key="k", Body=b"x")

    entries = [json.loads(line) for line in (data / "journal.jsonl").read_text().splitlines()]

    assert [(entry["kind"], entry.get("key")) for entry in entries] == [("bucket", None), ("object", "k")]
