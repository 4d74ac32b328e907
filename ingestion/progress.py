"""How far a long work is: a bar on standard error, where that is a terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)


class Bar:
    """A bar of bytes, with the name of what is being worked on beside it."""

    def __init__(self, progress: Progress, task: TaskID) -> None:
        self._progress = progress
        self._task = task

    def name(self, name: str) -> None:
        """Say what is being worked on."""
        self._progress.update(self._task, description=name)

    def advance(self, size: float) -> None:
        """So many more bytes are done."""
        self._progress.advance(self._task, size)

    def reach(self, done: int, of: int | None) -> None:
        """So many bytes are done, of so many if that is known."""
        self._progress.update(self._task, completed=done, total=of)


@contextmanager
def bar(name: str, total: int | None = None) -> Iterator[Bar]:
    """A bar for as long as the block lasts; nothing where standard error is no terminal."""
    with Progress(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
        transient=True,
    ) as progress:
        yield Bar(progress, progress.add_task(name, total=total))
