"""`python -m localaws`: start, use and stop the local AWS."""

import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from localaws.errors import LocalAwsError
from localaws.server import DEFAULT_PORT, running

app = typer.Typer(no_args_is_help=True, add_completion=False, help="The AWS on one machine.")
err = Console(stderr=True, highlight=False)


@app.command()
def up(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = DEFAULT_PORT,
    data_dir: Annotated[Path | None, typer.Option(help="Keep objects and catalog in this folder.")] = None,
) -> None:
    """Start it and keep it up until Ctrl-C."""
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda number, frame: stop.set())
    try:
        with running(port, data_dir) as aws:
            err.print(f"The local AWS is up at {aws.endpoint_url}")
            for name, value in aws.environment().items():
                err.print(f"  export {name}={value}")
            stop.wait()
    except KeyboardInterrupt:
        pass
    except LocalAwsError as error:
        err.print(str(error), markup=False)
        raise typer.Exit(1) from None


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def run(command: Annotated[list[str], typer.Argument(help="The command and its arguments.")]) -> None:
    """Run a command with a local AWS of its own, which is gone afterwards."""
    try:
        with running() as aws:
            status = subprocess.run(command, env={**os.environ, **aws.environment()}).returncode
    except LocalAwsError as error:
        err.print(str(error), markup=False)
        status = 1
    raise typer.Exit(status)
