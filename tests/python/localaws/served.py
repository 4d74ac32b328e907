"""The APIs in a process of their own, without the engine: up at once, and to be killed at will."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3

from tests.python.localaws.processes import started

REGION = "sa-east-1"
PROGRAM = """
import sys
from pathlib import Path
from localaws.apis import own_clients, serving
from localaws.athena import AthenaService
from localaws.engine.address import TrinoAddress
with serving(data_dir=Path(sys.argv[1]) if sys.argv[1:] else None) as apis:
    # No engine answers there: what Athena keeps needs none.
    nowhere = TrinoAddress("127.0.0.1", 1)
    apis.router.connect(
        AthenaService(nowhere, *own_clients(apis), on_change=apis.router.record_athena)
    )
    print(apis.endpoint_url, flush=True)
    sys.stdin.read()
"""


@dataclass(frozen=True)
class Served:
    """A server process; `log` is what it said on its standard error."""

    process: subprocess.Popen[str]
    endpoint_url: str
    log: Path

    def client(self, service: str) -> Any:
        """boto3's client, with credentials of no meaning."""
        make: Any = boto3.client
        return make(
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id="any",
            aws_secret_access_key="any",  # noqa: S106
        )

    def bucket(self, name: str) -> Any:
        """S3's client and a new bucket."""
        s3 = self.client("s3")
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": REGION})
        return s3


@contextmanager
def served(folder: Path, data_dir: Path | None = None) -> Iterator[Served]:
    """A server while the block runs; it keeps its data when a data folder is given."""
    log = folder / "served.log"
    with log.open("w") as output:
        kept = [str(data_dir)] if data_dir else []
        process, endpoint_url = started("-c", PROGRAM, *kept, stderr=output)
        with process:
            assert endpoint_url, log.read_text()
            yield Served(process, endpoint_url, log)
