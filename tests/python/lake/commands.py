"""The project's commands (`python -m …`), forked from a process that has imported all they need.

Each has its own environment, arguments, output and exit status, as by itself, without the two seconds of CPU
that it would import for. What is registered to run at a process's exit does not run.
"""

import importlib
import multiprocessing
import os
import runpy
import sys
import tempfile
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from pathlib import Path
from subprocess import CompletedProcess

_CONTEXT = multiprocessing.get_context("forkserver")
PRELOADED = "tests.python.lake.preloaded"
_CONTEXT.set_forkserver_preload([PRELOADED])


@dataclass(frozen=True, slots=True)
class Command:
    """A command to be run in a folder, with this environment and no other."""

    folder: Path
    environment: dict[str, str]
    module: str
    arguments: tuple[str, ...]

    def run(self) -> CompletedProcess[str]:
        """Run it to its end."""
        with tempfile.TemporaryDirectory() as name:
            out, error = Path(name, "out"), Path(name, "error")
            process = self.start(out, error)
            process.join()
            said = out.read_text(), error.read_text()
        assert process.exitcode is not None
        return CompletedProcess([self.module, *self.arguments], process.exitcode, *said)

    def start(self, out: Path, error: Path) -> BaseProcess:
        """Begin to run it; what it prints goes to these files."""
        # daemon: it ends with the test that began it, also where that is broken off
        process = _CONTEXT.Process(target=self._become, args=(out, error), daemon=True)
        process.start()
        return process

    def _become(self, out: Path, error: Path) -> None:
        for number, path in ((1, out), (2, error)):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
        # a preload that fails says nothing: it is made again, and its error is seen
        importlib.import_module(PRELOADED)
        os.chdir(self.folder)
        os.environ.clear()
        os.environ.update(self.environment)
        sys.argv = [self.module, *self.arguments]
        runpy.run_module(self.module, run_name="__main__", alter_sys=True)
