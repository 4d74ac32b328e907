"""Memory: bounded whatever is written, and whatever is read back."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)

# A server that is its own client: what it keeps can be counted, object by object.
ROUNDS = """
import gc, json
import boto3
from moto.core.common_models import BaseModel
from localaws.apis import serving

def written(s3, glue):
    for number in range(20):
        s3.put_object(Bucket="bucket", Key=f"over/{number % 5}", Body=b"x" * 1000)
        s3.copy_object(Bucket="bucket", Key="copy", CopySource="bucket/over/0")
        s3.put_object(Bucket="bucket", Key="deleted", Body=b"x")
        s3.delete_object(Bucket="bucket", Key="deleted")
        read = glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"]
        glue.update_table(DatabaseName="d", TableInput={"Name": "t"}, VersionId=read, SkipArchive=True)
    for end in (s3.abort_multipart_upload, completed(s3)):
        upload = s3.create_multipart_upload(Bucket="bucket", Key="parts")["UploadId"]
        s3.upload_part(Bucket="bucket", Key="parts", UploadId=upload, PartNumber=1, Body=b"x" * 1000)
        end(Bucket="bucket", Key="parts", UploadId=upload)

def completed(s3):
    def complete(**upload):
        listed = s3.list_parts(**upload)["Parts"]
        parts = [{name: part[name] for name in ("PartNumber", "ETag")} for part in listed]
        s3.complete_multipart_upload(MultipartUpload={"Parts": parts}, **upload)
    return complete

def remembered():
    gc.collect()
    return sum(issubclass(type(each), BaseModel) for each in gc.get_objects())

with serving() as apis:
    s3, glue = (
        boto3.client(
            name,
            endpoint_url=apis.endpoint_url,
            region_name=apis.region,
            aws_access_key_id="any",
            aws_secret_access_key="any",
        )
        for name in ("s3", "glue")
    )
    s3.create_bucket(Bucket="bucket", CreateBucketConfiguration={"LocationConstraint": apis.region})
    glue.create_database(DatabaseInput={"Name": "d"})
    glue.create_table(DatabaseName="d", TableInput={"Name": "t"})
    counts = []
    for _ in range(4):
        written(s3, glue)
        counts.append(remembered())
    bodies = sum(file.is_file() for file in apis.folder.glob("objects/*/*"))
print(json.dumps({"counts": counts, "bodies": bodies}))
"""


def test_what_is_written_over_deleted_or_never_completed_is_not_remembered() -> None:
    done = subprocess.run([sys.executable, "-c", ROUNDS], stdout=subprocess.PIPE, text=True, check=True)

    found: dict[str, Any] = json.loads(done.stdout)
    assert found["counts"][1:] == [found["counts"][1]] * 3
    # Five that were written over, a copy, and the upload that was completed: no part of any.
    assert found["bodies"] == 7


@contextmanager
def peak_of_this_process() -> Iterator[list[int]]:
    """The most resident memory while the block runs, in bytes, as the list's one element."""
    process, peak, stop = psutil.Process(), [0], threading.Event()

    def sample() -> None:
        while not stop.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    sampler = threading.Thread(target=sample)
    sampler.start()
    try:
        yield peak
    finally:
        stop.set()
        sampler.join()


def numbers(rows: int) -> str:
    return (
        "select n, 'row ' || cast(n as varchar) as name, n / 7e0 as part "
        f"from unnest(sequence(1, {rows // 1000})) as many (m) cross join unnest(sequence(1, 1000)) as t (n)"
    )


@pytest.mark.integration
def test_a_million_rows_take_no_more_memory_than_a_hundred_thousand(athena: "Athena") -> None:
    athena.do(numbers(100_000))
    with peak_of_this_process() as of_fewer:
        athena.do(numbers(100_000))
    with peak_of_this_process() as of_more:
        done = athena.do(numbers(1_000_000))

    bucket, _, key = done.output.removeprefix("s3://").partition("/")
    size = athena.s3.head_object(Bucket=bucket, Key=key)["ContentLength"]
    # As Python objects the rows alone would be more than 300 MB.
    assert of_more[0] - of_fewer[0] < 120 * 2**20
    assert size > 30 * 2**20
    last = athena.s3.get_object(Bucket=bucket, Key=key, Range="bytes=-2")["Body"].read()
    assert last == b'"\n'
