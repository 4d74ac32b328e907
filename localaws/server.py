"""The local AWS of this process: the APIs at one port, and the Trino behind Athena's."""

import os
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from localaws.apis import HOST, own_clients, serving
from localaws.athena import AthenaService
from localaws.engine.fetch import RELEASE, trino_home
from localaws.engine.process import Engine
from localaws.engine.settings import EngineSettings, heap_mib
from localaws.paths import state_dir
from localaws.storage.objects import has_bucket

# Any value does, but the SDKs want one.
KEY = "local"
DEFAULT_BUCKET = "finlake-local"


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A local AWS that is up; at `engine_url` its Trino answers, for those who compare the two.

    `wait_engine_lost` returns when the Trino is not there any more, and tells why.
    """

    endpoint_url: str
    engine_url: str
    region: str
    bucket: str
    heap_mib: int
    trino_version: str
    wait_engine_lost: Callable[[], str]

    def environment(self) -> dict[str, str]:
        """The variables that send every AWS client to it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": KEY,
            "AWS_SECRET_ACCESS_KEY": KEY,
            "AWS_DEFAULT_REGION": self.region,
            "FINLAKE_BUCKET": self.bucket,
            "FINLAKE_TARGET": "local",
        }


@contextmanager
def running(port: int = 0, data_dir: Path | None = None, small: bool = True) -> Iterator[LocalAws]:
    """A local AWS while the block runs. Port 0 is any free one.

    One for `small` tables is sooner up and slower with millions of rows.

    Raises LocalAwsError when the port or the data folder cannot be used, or the engine cannot be fetched or
    started.
    """
    with ExitStack() as stack:
        apis = stack.enter_context(serving(port, data_dir))
        home, heap = trino_home(), heap_mib()
        settings = EngineSettings(_free_port(), apis.endpoint_url, apis.region, heap, small)
        engine = Engine(home, apis.folder, settings, stack.enter_context(_engine_log(apis.port)))
        aws = LocalAws(
            endpoint_url=apis.endpoint_url,
            engine_url=engine.address.url,
            region=apis.region,
            bucket=os.environ.get("FINLAKE_BUCKET", DEFAULT_BUCKET),
            heap_mib=heap,
            trino_version=RELEASE.version,
            wait_engine_lost=engine.wait_given_up,
        )
        stack.callback(engine.stop)
        engine.start()
        s3, glue = own_clients(apis)
        apis.router.connect(
            AthenaService(
                engine.address,
                s3,
                glue,
                engine_ready=engine.wait_ready,
                on_change=apis.router.record_athena,
            )
        )
        _create_bucket(s3, aws)
        yield aws


@contextmanager
def _engine_log(port: int) -> Iterator[Path]:
    """Trino's log; it stays behind when something went wrong."""
    path = state_dir() / f"trino-{port}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


def _create_bucket(s3: Any, aws: LocalAws) -> None:
    if has_bucket(aws.bucket):
        return
    s3.create_bucket(Bucket=aws.bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
