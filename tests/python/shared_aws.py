"""One local AWS for all processes of a test run: up when the first of them asks, gone when the run is.

An engine is warm after some hundred statements: two of them would warm up twice, on two cores.
"""

import dataclasses
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing.connection import Client, Listener
from threading import Thread
from typing import Any

import localaws
from localaws.errors import LocalAwsError


@contextmanager
def offered() -> Iterator[str]:
    """A process that starts a local AWS when asked for it: where to ask. It ends with this one."""
    with subprocess.Popen(
        [sys.executable, "-m", __name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Ctrl-C is for who asks.
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


def asked(address: str) -> localaws.LocalAws:
    """The local AWS that is offered there, once it is up. Raises LocalAwsError when it cannot be started."""
    with Client(address) as connection:
        answer: Any = connection.recv()
    if isinstance(answer, tuple):
        raise LocalAwsError(*answer)
    return localaws.LocalAws(**answer, wait_engine_lost=lambda: "It is another process's to know.")


def main() -> None:
    """Tell who asks, one after the other; the first waits longest. Ends when the standard input does."""
    with ExitStack() as stack:
        listener = stack.enter_context(Listener(family="AF_UNIX"))
        sys.stdout.write(f"{listener.address}\n")
        sys.stdout.flush()
        Thread(target=_answer_all, args=(listener, stack), daemon=True).start()
        sys.stdin.read()


def _answer_all(listener: Listener, stack: ExitStack) -> None:
    with listener.accept() as connection:
        answer = _answer(stack)
        connection.send(answer)
    while True:
        with listener.accept() as connection:
            connection.send(answer)


def _answer(stack: ExitStack) -> dict[str, Any] | tuple[str, str, str]:
    try:
        aws = stack.enter_context(localaws.running())
    except LocalAwsError as error:
        return error.what, error.why, error.todo
    told = {field.name: getattr(aws, field.name) for field in dataclasses.fields(aws)}
    del told["wait_engine_lost"]
    return told


if __name__ == "__main__":
    main()
