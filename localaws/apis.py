"""The AWS APIs of this process at one port: all that needs no SQL engine."""

import errno
import os
import resource
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from moto.moto_api._internal.models import moto_api_backend
from werkzeug.serving import make_server

from localaws import loopback
from localaws.athena.service import AT_ONCE
from localaws.errors import LocalAwsError
from localaws.handler import Handler
from localaws.lake_formation import answer_for_untagged
from localaws.router import Router
from localaws.storage.bodies import Bodies, KeptBodies
from localaws.storage.folder import opened
from localaws.storage.keeper import Keeper
from localaws.storage.moment import momentary
from localaws.storage.stored import used_by_moto
from localaws.untracked import untracked

HOST = "127.0.0.1"
DEFAULT_REGION = "sa-east-1"
# Each client keeps some connections open.
OPEN_FILES = 65536

_only_one = threading.Lock()


@dataclass(frozen=True, slots=True)
class Apis:
    """The APIs that answer at `endpoint_url`; `folder` is gone with them."""

    endpoint_url: str
    port: int
    region: str
    router: Router
    folder: Path


@contextmanager
def serving(port: int = 0, data_dir: Path | None = None) -> Iterator[Apis]:
    """The APIs while the block runs. Port 0 is any free one.

    Raises LocalAwsError when the port or the data folder cannot be used.
    """
    region = os.environ.get("AWS_DEFAULT_REGION", DEFAULT_REGION)
    answer_for_untagged()
    with ExitStack() as stack:
        stack.enter_context(_moto_of_this_process())
        listener = stack.enter_context(listening(port))
        folder = stack.enter_context(momentary())
        router = Router(region, *stack.enter_context(_storage(data_dir, folder)))
        router.restore()
        stack.enter_context(_answering(listener, router))
        port = listener.getsockname()[1]
        yield Apis(f"http://{HOST}:{port}", port, region, router, folder)


def own_clients(apis: Apis) -> tuple[Any, Any]:
    """boto3's clients of S3 and Glue for the server itself."""
    # A large result goes by the network, in two parts at a time.
    connections = 2 * AT_ONCE
    s3, glue = (
        loopback.client(service, apis.endpoint_url, apis.region, apis.router, connections)
        for service in ("s3", "glue")
    )
    return s3, glue


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
        with untracked():
            yield
    finally:
        moto_api_backend.reset()
        _only_one.release()


@contextmanager
def _storage(data_dir: Path | None, moment: Path) -> Iterator[tuple[Bodies, Keeper | None]]:
    """Where S3's bodies are: in the data folder, with a journal, or in one of the moment."""
    if data_dir is None:
        bodies = Bodies(moment / "objects")
        with used_by_moto(bodies):
            yield bodies, None
        return
    with opened(data_dir) as folder:
        kept = KeptBodies(folder.bodies)
        with used_by_moto(kept), closing(Keeper(folder, kept)) as keeper:
            yield kept, keeper


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket of this machine's alone. Raises LocalAwsError when the port cannot be used."""
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
def _answering(listener: socket.socket, router: Router) -> Iterator[None]:
    port = listener.getsockname()[1]
    server = make_server(HOST, port, router, threaded=True, request_handler=Handler, fd=listener.fileno())
    thread = threading.Thread(target=server.serve_forever, name="localaws-server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
