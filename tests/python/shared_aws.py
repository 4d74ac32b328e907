"""One local AWS for all processes of a test run: up when the first of them asks, gone when the run is.

An engine is warm after some hundred statements: two of them would warm up twice, on two cores.
Types are in quotes since the server, a second of imports, is brought along by who asks alone.
"""

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing.connection import Client, Listener
from threading import Thread

import localaws
from localaws.errors import LocalAwsError
from tests.python.localaws.processes import started


@contextmanager
def offered() -> Iterator[str]:
    """A process that starts a local AWS when asked for it: where to ask. It ends with this one."""
    # Ctrl-C is for who asks.
    process, address = started("-m", __name__, start_new_session=True)
    with process:
        yield address


def asked(address: str) -> "localaws.LocalAws":
    """The local AWS that is offered there, once it is up. Raises LocalAwsError when it cannot be started."""
    with Client(address) as connection:
        answer: localaws.LocalAws | tuple[str, str, str] = connection.recv()
    if isinstance(answer, tuple):
        raise LocalAwsError(*answer)
    return answer


def main() -> None:
    """Tell who asks, one after the other; the first waits longest. Ends when the standard input does."""
    with ExitStack() as stack:
        listener = stack.enter_context(Listener(family="AF_UNIX"))
        sys.stdout.write(f"{listener.address}\n")
        sys.stdout.flush()
        Thread(target=_answer_all, args=(listener, stack), daemon=True).start()
        sys.stdin.read()


def _answer_all(listener: Listener, stack: ExitStack) -> None:
    answer = None
    while True:
        with listener.accept() as connection:
            answer = answer or _answer(stack)
            connection.send(answer)


def _answer(stack: ExitStack) -> "localaws.LocalAws | tuple[str, str, str]":
    try:
        aws = stack.enter_context(localaws.running())
    except LocalAwsError as error:
        return error.what, error.why, error.todo
    # Who waits for the engine's loss has to be here: another process is given a function that tells nothing.
    return replace(aws, wait_engine_lost=str)


if __name__ == "__main__":
    main()
