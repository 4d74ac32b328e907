"""Stopping the engine, whatever its watcher is at: no process of it is left."""

import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from localaws.engine import process
from localaws.engine.process import Engine
from localaws.engine.settings import EngineSettings
from localaws.errors import LocalAwsError
from tests.python.localaws.processes import until

SLEEP = [sys.executable, "-c", "import sys; sys.stdin.read()"]


def test_a_stop_while_it_is_started_again_leaves_no_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spawned: list[subprocess.Popen[bytes]] = []
    again, go_on = threading.Event(), threading.Event()
    real = subprocess.Popen

    def popen(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        if spawned:
            again.set()
            assert go_on.wait(10)
        spawned.append(real(*arguments, **options))
        return spawned[-1]

    monkeypatch.setattr("localaws.engine.process.subprocess.Popen", popen)
    monkeypatch.setattr(process, "write_settings", lambda *_: None)
    monkeypatch.setattr(process, "_command", lambda *_: SLEEP)
    monkeypatch.setattr(process, "_takes_queries", lambda _: len(spawned) == 1)
    settings = EngineSettings(1, "http://127.0.0.1:1", "sa-east-1", 2048, small=True)
    engine = Engine(tmp_path, tmp_path, settings, tmp_path / "engine.log")
    engine.start()

    spawned[0].kill()
    assert again.wait(10)
    stop = threading.Thread(target=engine.stop)
    stop.start()
    stop.join(0.3)
    go_on.set()
    stop.join(20)

    assert not stop.is_alive()
    assert len(spawned) == 2
    assert until(lambda: all(one.poll() is not None for one in spawned))
    assert not engine.wait_ready(0)


def test_an_engine_that_ends_again_and_again_is_given_up_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = iter([SLEEP, *[[sys.executable, "-c", "raise SystemExit(3)"]] * process.MAX_FAILED_STARTS])
    monkeypatch.setattr(process, "write_settings", lambda *_: None)
    listening = socket.create_server(("127.0.0.1", 0))
    settings = EngineSettings(listening.getsockname()[1], "http://127.0.0.1:1", "sa-east-1", 2048, small=True)
    engine = Engine(tmp_path, tmp_path, settings, tmp_path / "engine.log")
    real = engine._spawn

    def spawn() -> "subprocess.Popen[bytes] | None":
        engine._command = next(commands)
        spawned.append(real())
        return spawned[-1]

    spawned: list[subprocess.Popen[bytes] | None] = []
    monkeypatch.setattr(engine, "_spawn", spawn)
    monkeypatch.setattr(process, "_takes_queries", lambda _: len(spawned) == 1)
    engine.start()
    assert engine.wait_ready(0)
    # whose port is closed is not ready, even while its watcher has not seen it end
    listening.close()
    assert not engine.wait_ready(0)
    assert spawned[0]
    spawned[0].kill()

    assert engine.wait_given_up().startswith("it ended with status 3")
    with pytest.raises(LocalAwsError, match="ended with status 3"):
        engine.wait_ready(0)
    engine.stop()
