"""Runs a command that ends when the process that started this one ends, however that happens.

Started as `python guard.py COMMAND…` with a pipe as standard input that its parent holds open and never
writes to. The pipe's end is the parent's end, kill -9 included; then the command is stopped. Imports nothing
of the project, so that it starts in no time.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys

GRACE_SECONDS = 10
PR_SET_PDEATHSIG = 1


def _die_with_guard() -> None:
    # Linux alone can promise this; elsewhere a kill -9 of the guard itself leaves the command running.
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _on_signal(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def main(command: list[str]) -> int:
    """Run the command until it ends or the parent does; the command's exit status."""
    signal.signal(signal.SIGTERM, _on_signal)
    # This process has no other threads, which is when preexec_fn is safe.
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=_die_with_guard)  # noqa: PLW1509
    ended, ended_write = os.pipe()
    os.set_blocking(ended_write, False)
    signal.set_wakeup_fd(ended_write, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    try:
        while process.poll() is None:
            ready, _, _ = select.select([sys.stdin.fileno(), ended], [], [], 1.0)
            if sys.stdin.fileno() in ready:
                break
            if ended in ready:
                os.read(ended, 512)
    except KeyboardInterrupt:
        pass
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]) & 0xFF)
