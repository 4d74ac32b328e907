"""The life of a server that the command line starts: in the foreground, detached, around a command."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

import psutil

from localaws import state
from localaws.errors import LocalAwsError
from localaws.state import AlreadyClaimedError, ServerState

DEFAULT_PORT = 5577
START_SECONDS = 240
STOP_SECONDS = 30
LOG_LINES_SHOWN = 25
# What leads a client past the local AWS, or astray, although AWS_ENDPOINT_URL is set.
MISLEADING = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
)


class TerminatedError(BaseException):
    """A SIGTERM or SIGHUP came: like Ctrl-C, it may come anywhere."""


def serve(port: int, data_dir: Path | None, small: bool, on_up: Callable[[ServerState], None]) -> None:
    """Keep a local AWS up until Ctrl-C or a SIGTERM. Raises LocalAwsError."""
    # moto and boto3 take a second to import: the commands that only ask do without them.
    from localaws.server import running  # noqa: PLC0415

    try:
        with _ended_by_signals(), state.claimed(port), running(port, data_dir, small) as aws:
            started = ServerState(
                pid=os.getpid(),
                port=port,
                endpoint_url=aws.endpoint_url,
                environment=aws.environment(),
                data_dir=str(data_dir.resolve()) if data_dir else None,
                heap_mib=aws.heap_mib,
                trino_version=aws.trino_version,
                started=time.time(),
            )
            state.publish(started)
            on_up(started)
            state.publish(replace(started, engine_lost=aws.wait_engine_lost()))
            threading.Event().wait()
    except (KeyboardInterrupt, TerminatedError):
        return
    except AlreadyClaimedError:
        raise LocalAwsError(
            f"Another local AWS is starting at port {port}.", "Two were started at once.", "Use that one."
        ) from None


def prepare(port: int) -> None:
    """Find out what would stop a server from starting, and fetch the engine. Raises LocalAwsError."""
    from localaws.apis import listening  # noqa: PLC0415
    from localaws.engine.fetch import trino_home  # noqa: PLC0415
    from localaws.engine.settings import heap_mib  # noqa: PLC0415

    with listening(port):
        heap_mib()
        trino_home()


def detach(port: int, data_dir: Path | None, small: bool) -> ServerState:
    """Start a server that outlives this process; returns when it is up. Raises LocalAwsError with its log."""
    log = state.log_file(port)
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "localaws", "up", "--port", str(port)]
    if data_dir is not None:
        command += ["--data-dir", str(data_dir.resolve())]
    if small:
        command.append("--small")
    with log.open("wb") as output:
        server = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    try:
        return _wait_up(server, port, log)
    except BaseException:
        server.terminate()
        raise


def _wait_up(server: subprocess.Popen[bytes], port: int, log: Path) -> ServerState:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        started = state.current(port)
        if started is not None and started.pid == server.pid:
            return started
        if server.poll() is not None:
            lines = log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
            raise LocalAwsError(
                f"The local AWS did not come up at port {port}.",
                "\n    ".join(["it said:", *lines]),
                f"See above; the whole log is {log}",
            )
        time.sleep(state.POLL_SECONDS)
    raise LocalAwsError(
        f"The local AWS is not up at port {port} after {START_SECONDS} seconds.",
        "The machine may be too busy.",
        f"Read its log: {log}",
    )


def end(port: int) -> None:
    """Stop the server of that port, by force if it does not stop by itself. Raises LocalAwsError."""
    running = state.wait_up(port, START_SECONDS)
    if running is None:
        if state.is_claimed(port):
            raise LocalAwsError(
                f"The local AWS at port {port} is neither up nor down.",
                f"It is still starting after {START_SECONDS} seconds.",
                f"Try again later; its log: {state.log_file(port)}",
            )
        return
    with suppress(psutil.NoSuchProcess):
        psutil.Process(running.pid).terminate()
    if not state.wait_down(port, STOP_SECONDS):
        with suppress(psutil.NoSuchProcess):
            psutil.Process(running.pid).kill()
    if not state.wait_down(port, STOP_SECONDS):
        raise LocalAwsError(
            f"The local AWS at port {port} does not stop.",
            f"Its process {running.pid} is still there after a kill.",
            "Look at it with: ps",
        )


def run_command(command: list[str], on_up: Callable[[], None]) -> int:
    """Run the command with a local AWS of its own; the command's exit status. Raises LocalAwsError."""
    from localaws.server import running  # noqa: PLC0415

    try:
        with _ended_by_signals(), running() as aws:
            on_up()
            return _status_of(_started(command, {**os.environ, **aws.environment()}))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except TerminatedError:
        return 128 + signal.SIGTERM


def _started(command: list[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(command, env=environment)
    except OSError as error:
        raise LocalAwsError(
            f"The command could not be started: {command[0]}", str(error), "Check its name and PATH."
        ) from None


def _status_of(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            status = process.wait()
            # A shell's convention for a command that a signal ended.
            return status if status >= 0 else 128 - status
        except KeyboardInterrupt:
            # The terminal sends Ctrl-C to the command as well; it decides what to do.
            continue
        except TerminatedError:
            process.terminate()


@contextmanager
def _ended_by_signals() -> Iterator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TerminatedError

    signals = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
