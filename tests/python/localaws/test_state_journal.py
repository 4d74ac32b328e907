"""The data folder's journal: what is written, what of it is kept, what it says."""

import json
import resource
from pathlib import Path
from typing import Any

import pytest

from localaws.storage.changes import BucketChange, ObjectsChange, change_of
from localaws.storage.compaction import compacted
from localaws.storage.folder import opened
from localaws.storage.journal import Journal, read_journal, rewrite_journal
from tests.python.localaws.served import REGION, served

BUCKET = "kept-bucket"


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

    def test_an_entry_that_did_not_fit_leaves_no_part_and_takes_no_other_along(self, tmp_path: Path) -> None:
        path = tmp_path / "journal"
        journal = Journal(path)
        journal.append({"n": 1})
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20, before[1]))
        try:
            with pytest.raises(OSError, match="File too large"):
                journal.append({"n": 2, "body": "x" * 100})
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        journal.append({"n": 3})
        journal.close()

        assert list(read_journal(path)) == [{"n": 1}, {"n": 3}]

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


def athena(operation: str, **payload: Any) -> dict[str, Any]:
    return {**call(operation, **payload), "service": "athena"}


def of_partitions(what: str, *values: str) -> dict[str, Any]:
    member = {"create": "PartitionInputList", "delete": "PartitionsToDelete"}[what]
    listed = [{"Values": [value]} for value in values]
    return call(f"Batch{what.title()}Partition", DatabaseName="d", TableName="t", **{member: listed})


def updated(before: str, now: str, **more: Any) -> dict[str, Any]:
    told = {"Values": [now], **more}
    return call(
        "UpdatePartition", DatabaseName="d", TableName="t", PartitionValueList=[before], PartitionInput=told
    )


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

    def test_of_athenas_things_updates_that_are_said_again_go_and_what_was_deleted(self) -> None:
        made = athena("CreateWorkGroup", Name="g")
        limited, relocated, limited_again = (
            athena("UpdateWorkGroup", WorkGroup="g", ConfigurationUpdates=updates)
            for updates in (
                {"BytesScannedCutoffPerQuery": 1},
                {"ResultConfigurationUpdates": {"OutputLocation": "s3://b/"}},
                {"BytesScannedCutoffPerQuery": 2, "EnforceWorkGroupConfiguration": True},
            )
        )
        assert compacted([made, limited, relocated, limited_again]) == [made, relocated, limited_again]
        unlimited = athena(
            "UpdateWorkGroup", WorkGroup="g", ConfigurationUpdates={"EnforceWorkGroupConfiguration": False}
        )
        assert compacted([made, limited_again, unlimited]) == [made, limited_again, unlimited]
        tagged = athena("TagResource", ResourceARN="arn:aws:athena:r:1:workgroup/g", Tags=[])
        named = athena("CreateNamedQuery", Name="q", ClientRequestToken="t")
        deleted = athena("DeleteWorkGroup", WorkGroup="g")
        assert compacted([made, tagged, named, limited, deleted, made]) == [named, made]

        prepared, other = (
            athena("CreatePreparedStatement", WorkGroup="g", StatementName=name, QueryStatement="select 1")
            for name in ("P", "other")
        )
        again = [
            athena("UpdatePreparedStatement", WorkGroup="g", StatementName="p", QueryStatement=text)
            for text in ("select 2", "select 3")
        ]
        forgotten = athena("DeletePreparedStatement", WorkGroup="g", StatementName="p", QueryStatement=None)
        assert compacted([prepared, other, *again]) == [prepared, other, again[1]]
        assert compacted([prepared, other, *again, forgotten]) == [other]

    def test_of_partitions_those_that_are_there_stay_once(self) -> None:
        first, both = of_partitions("create", "1"), of_partitions("create", "1", "2")
        dropped = of_partitions("delete", "1")
        assert compacted([first, both]) == [first, of_partitions("create", "2")]
        assert compacted([first, both, dropped]) == [of_partitions("create", "2")]
        assert compacted([first, dropped, both]) == [both]
        elsewhere = call("BatchDeletePartition", **{**dropped["payload"], "TableName": "other"})
        assert compacted([first, elsewhere]) == [first]

    def test_of_a_partition_the_last_update_stays_and_what_it_was_called(self) -> None:
        made = of_partitions("create", "1")
        updates = [updated("1", "1", Parameters={"n": n}) for n in "12"]
        renamed = updated("1", "2")
        assert compacted([made, *updates]) == [made, updates[1]]
        assert compacted([made, *updates, renamed, of_partitions("create", "1")]) == [
            made,
            updates[1],
            renamed,
            of_partitions("create", "1"),
        ]
        assert compacted([made, *updates, renamed, of_partitions("delete", "2")]) == []

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
            b"<Delete>\n<Object><Key>one&amp;a</Key></Object>\n<Object><Key> two </Key></Object>\n</Delete>",
            ObjectsChange("b", ("one&a", " two ")),
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
