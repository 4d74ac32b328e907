"""The local AWS of this process: the HTTP server on one port, and the Trino behind it."""

import errno
import os
import resource
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from moto.moto_api._internal.models import moto_api_backend
from werkzeug.serving import BaseWSGIServer, make_server

from localaws.athena import AthenaService
from localaws.engine.fetch import RELEASE, trino_home
from localaws.engine.process import Engine
from localaws.engine.settings import EngineSettings, heap_mib
from localaws.errors import LocalAwsError
from localaws.handler import Handler
from localaws.paths import state_dir
from localaws.router import Router
from localaws.storage.bodies import Bodies, KeptBodies, used_by_moto
from localaws.storage.folder import opened
from localaws.storage.keeper import Keeper

HOST = "127.0.0.1"
DEFAULT_REGION = "sa-east-1"
# Any value does, but the SDKs want one.
KEY = "local"
DEFAULT_BUCKET = "finlake-local"
# Each request has a connection of its own, and each larger object of S3 a file.
OPEN_FILES = 65536

_only_one = threading.Lock()


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A local AWS that is up."""

    endpoint_url: str
    region: str
    bucket: str
    heap_mib: int
    trino_version: str

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
def running(port: int = 0, data_dir: Path | None = None, long_lived: bool = False) -> Iterator[LocalAws]:
    """A local AWS while the block runs. Port 0 is any free one; a `long_lived` one takes longer to get fast.

    Raises LocalAwsError when the port is taken, or the engine cannot be fetched or started.
    """
    with ExitStack() as stack:
        stack.enter_context(_moto_of_this_process())
        listener = stack.enter_context(_listening(port))
        region = os.environ.get("AWS_DEFAULT_REGION", DEFAULT_REGION)
        endpoint_url = f"http://{HOST}:{listener.getsockname()[1]}"
        home, heap = trino_home(), heap_mib()
        aws = LocalAws(
            endpoint_url, region, os.environ.get("FINLAKE_BUCKET", DEFAULT_BUCKET), heap, RELEASE.version
        )
        folder = stack.enter_context(
            tempfile.TemporaryDirectory(prefix="finlake-", ignore_cleanup_errors=True)
        )
        keeper = stack.enter_context(_storage(data_dir, Path(folder)))
        router = Router(region, keeper)
        router.restore()
        stack.enter_context(_serving(listener, router))
        settings = EngineSettings(_free_port(), endpoint_url, region, heap, long_lived)
        engine = Engine(home, Path(folder), settings, stack.enter_context(_engine_log(listener)))
        stack.callback(engine.stop)
        engine.start()
        _connect_athena(router, engine, aws)
        _create_bucket(aws)
        yield aws


@contextmanager
def _moto_of_this_process() -> Iterator[None]:
    """moto keeps its state in its modules: one local AWS at a time in a process, nothing left of it after."""
    if not _only_one.acquire(blocking=False):
        raise LocalAwsError(
            "A local AWS is up in this process already.",
            "Its APIs share one state.",
            "Use that one, or start the other one in a process of its own.",
        )
    try:
        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(
            resource.RLIMIT_NOFILE,
            (OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard), hard),
        )
        yield
    finally:
        moto_api_backend.reset()
        _only_one.release()


@contextmanager
def _storage(data_dir: Path | None, moment: Path) -> Iterator[Keeper | None]:
    """Where S3's bodies are: in the data folder, with a journal, or in one of the moment."""
    if data_dir is None:
        with used_by_moto(Bodies(moment / "objects")):
            yield None
        return
    with opened(data_dir) as folder:
        bodies = KeptBodies(folder.bodies)
        with used_by_moto(bodies), closing(Keeper(folder, bodies)) as keeper:
            yield keeper


@contextmanager
def _listening(port: int) -> Iterator[socket.socket]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                raise
            raise LocalAwsError(
                f"Port {port} of {HOST} cannot be used.",
                "Another program listens there." if error.errno == errno.EADDRINUSE else str(error),
                "Stop that program, or choose another port: --port N",
            ) from None
        listener.listen(socket.SOMAXCONN)
        yield listener


@contextmanager
def _engine_log(listener: socket.socket) -> Iterator[Path]:
    """Trino's log; it stays behind when something went wrong."""
    path = state_dir() / f"trino-{listener.getsockname()[1]}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    yield path
    path.unlink(missing_ok=True)


@contextmanager
def _serving(listener: socket.socket, router: Router) -> Iterator[BaseWSGIServer]:
    port = listener.getsockname()[1]
    server = make_server(HOST, port, router, threaded=True, request_handler=Handler, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, name="localaws-server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _connect_athena(router: Router, engine: Engine, aws: LocalAws) -> None:
    router.connect(AthenaService(engine.address, aws.endpoint_url, aws.region), engine.wait_ready)


def _create_bucket(aws: LocalAws) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=aws.endpoint_url,
        region_name=aws.region,
        aws_access_key_id=KEY,
        aws_secret_access_key=KEY,
    )
    if aws.bucket in {bucket["Name"] for bucket in client.list_buckets()["Buckets"]}:
        return
    client.create_bucket(Bucket=aws.bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
