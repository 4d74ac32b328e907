"""The local AWS of this process: the HTTP server on one port, and the Trino behind it."""

import os
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from werkzeug.serving import BaseWSGIServer, make_server

from localaws.engine.fetch import trino_home
from localaws.engine.process import Engine
from localaws.engine.settings import EngineSettings, heap_mib
from localaws.handler import Handler
from localaws.router import Router

HOST = "127.0.0.1"
DEFAULT_PORT = 5577
DEFAULT_REGION = "sa-east-1"
DEFAULT_BUCKET = "finlake-local"


@dataclass(frozen=True, slots=True)
class LocalAws:
    """A local AWS that is up."""

    endpoint_url: str
    region: str
    bucket: str

    def environment(self) -> dict[str, str]:
        """The variables that send every AWS client to it."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "local",
            "AWS_SECRET_ACCESS_KEY": "local",
            "AWS_DEFAULT_REGION": self.region,
            "FINLAKE_BUCKET": self.bucket,
            "FINLAKE_TARGET": "local",
        }


@contextmanager
def running(port: int = 0, data_dir: Path | None = None) -> Iterator[LocalAws]:
    """A local AWS while the block runs. Port 0 is any free one.

    Raises LocalAwsError when the engine cannot be fetched or started.
    """
    region = os.environ.get("AWS_DEFAULT_REGION", DEFAULT_REGION)
    bucket = os.environ.get("FINLAKE_BUCKET", DEFAULT_BUCKET)
    home, heap = trino_home(), heap_mib()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="finlake-", ignore_cleanup_errors=True)))
        router = Router(region)
        server = stack.enter_context(_serving(port, router))
        aws = LocalAws(f"http://{HOST}:{server.server_port}", region, bucket)
        engine = Engine(home, folder, EngineSettings(_free_port(), aws.endpoint_url, region, heap))
        stack.callback(engine.stop)
        engine.start()
        router.connect(engine, aws)
        _create_bucket(aws)
        yield aws


@contextmanager
def _serving(port: int, router: Router) -> Iterator[BaseWSGIServer]:
    server = make_server(HOST, port, router, threaded=True, request_handler=Handler)
    thread = threading.Thread(target=server.serve_forever, name="localaws-server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _create_bucket(aws: LocalAws) -> None:
    client = boto3.client(
        "s3",
        endpoint_url=aws.endpoint_url,
        region_name=aws.region,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )
    client.create_bucket(Bucket=aws.bucket, CreateBucketConfiguration={"LocationConstraint": aws.region})


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port
