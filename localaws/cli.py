"""`python -m localaws`: start, use and stop the local AWS."""

import json
import logging
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NoReturn

import typer
from rich.console import Console

from localaws import state
from localaws.errors import LocalAwsError
from localaws.launch import DEFAULT_PORT, MISLEADING, START_SECONDS, detach, end, prepare, run_command, serve
from localaws.state import ServerState

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="The AWS on one machine: S3, Glue and the other APIs by moto, Athena's SQL by a real Trino.",
)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)

Port = Annotated[int, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)]


@app.command()
def up(
    port: Port = DEFAULT_PORT,
    data_dir: Annotated[
        Path | None,
        typer.Option(help="Keep objects and catalog in this folder; without it they end with it."),
    ] = None,
    in_background: Annotated[
        bool, typer.Option("--detach", help="Return as soon as it is up, and leave it up.")
    ] = False,
    small: Annotated[
        bool, typer.Option("--small", help="For small tables: sooner up, and slower with millions of rows.")
    ] = False,
) -> None:
    """Start it, and keep it up until Ctrl-C or `down`."""
    running = state.wait_up(port, START_SECONDS)
    with _plain_errors():
        if running is not None:
            _say_up_already(running, data_dir)
            return
        # Whatever is wrong is said here, and the engine fetched, where a terminal shows how far it is.
        prepare(port)
        with _busy("Starting") as done:
            if in_background:
                started = detach(port, data_dir, small)
                done()
                _print_up(started, f"It stays up; stop it with {_me('down', port)}")
                return

            def tell(started: ServerState) -> None:
                done()
                _print_up(started, "Ctrl-C stops it.")

            serve(port, data_dir, small, tell)


def _say_up_already(running: state.ServerState, wanted: Path | None) -> None:
    if wanted is not None and str(wanted.resolve()) != running.data_dir:
        raise LocalAwsError(
            f"Another lake is up at {running.endpoint_url}, and not the one of {wanted}.",
            f"It keeps its data in {running.data_dir}." if running.data_dir else "It keeps nothing.",
            f"Stop it first: {_me('down', running.port)}; or choose another port: --port N",
        )
    err.print(f"The local AWS is up already at {running.endpoint_url} (process {running.pid}).")


@app.command()
def down(port: Port = DEFAULT_PORT) -> None:
    """Stop it."""
    if not state.is_claimed(port):
        err.print(f"No local AWS is up at port {port}.")
        return
    with _plain_errors():
        end(port)
    err.print(f"The local AWS at port {port} is down.")


@app.command()
def status(
    port: Port = DEFAULT_PORT,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Say whether it is up, and where. Exit status 1 when it is not."""
    running = state.current(port)
    if as_json:
        sys.stdout.write(json.dumps(_described(running, port), indent=2) + "\n")
    elif running is None:
        starting = state.is_claimed(port)
        out.print(f"The local AWS at port {port} is {'starting' if starting else 'not up'}.")
    else:
        out.print(f"The local AWS is up at {running.endpoint_url}.", soft_wrap=True)
        for name, value in _described(running, port).items():
            if name not in ("up", "port", "endpoint_url", "environment"):
                out.print(f"  {name:<13}{'' if value is None else value}", soft_wrap=True, markup=False)
    raise typer.Exit(0 if running else 1)


@app.command()
def env(port: Port = DEFAULT_PORT) -> None:
    """Print the lines that send a shell's AWS clients to it: eval "$(python -m localaws env)".

    What would lead them elsewhere (AWS_PROFILE and the like) is unset.
    """
    environment = _running(port).environment
    for name in MISLEADING:
        sys.stdout.write(f"unset {name}\n")
    for name, value in environment.items():
        sys.stdout.write(f"export {name}={shlex.quote(value)}\n")


@app.command()
def sql(
    text: Annotated[str, typer.Argument(help="The statement; - reads it from standard input.")],
    port: Annotated[int | None, typer.Option(help="Port on 127.0.0.1.", min=1, max=65535)] = None,
    csv: Annotated[bool, typer.Option("--csv", help="As CSV, with a header.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON, a list of objects.")] = False,
) -> None:
    """Run one statement on its Athena and print the result."""
    if csv and as_json:
        _fail("Give --csv or --json, not both.", status=2)
    # boto3 takes a moment to import; the other commands do without it.
    from localaws import render  # noqa: PLC0415
    from localaws.query import QueryFailedError, execute, stream  # noqa: PLC0415

    statement = sys.stdin.read() if text == "-" else text
    asked = statement, _environment(port), os.environ.get("FINLAKE_WORKGROUP", "primary")
    try:
        if csv:
            with _busy("Running"):
                columns, rows = stream(*asked)
            render.as_csv(columns, rows, sys.stdout)
            return
        with _busy("Running"):
            result = execute(*asked)
    except QueryFailedError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("Stopped.", status=130)
    if as_json:
        render.as_json(result, sys.stdout)
    else:
        if result.has_table:
            render.as_table(result, out)
        err.print(render.summary(result), style="dim")


@app.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
def run(
    command: Annotated[list[str], typer.Argument(help="The command and its arguments, after --.")],
) -> None:
    """Run a command with a local AWS of its own, gone afterwards. The exit status is the command's."""
    with _plain_errors():
        prepare(0)
        with _busy("Starting") as done:
            status = run_command(command, done)
    raise typer.Exit(status)


def main() -> None:
    """The program."""
    for name in MISLEADING:
        os.environ.pop(name, None)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    app(prog_name="python -m localaws")


def _print_up(started: ServerState, how_to_stop: str) -> None:
    err.print(f"The local AWS is up at {started.endpoint_url}.")
    err.print(f'  clients   eval "$({_me("env", started.port)})"', soft_wrap=True, markup=False)
    err.print(f'  a query   {_me("sql", started.port)} "select 1"', soft_wrap=True, markup=False)
    if started.data_dir is None:
        err.print("  data      is gone when it stops; --data-dir keeps it")
    else:
        err.print(f"  data      {started.data_dir}", soft_wrap=True, markup=False)
    err.print(how_to_stop, soft_wrap=True, markup=False)


def _me(command: str, port: int) -> str:
    return f"python -m localaws {command}" + ("" if port == DEFAULT_PORT else f" --port {port}")


def _described(running: ServerState | None, port: int) -> dict[str, object]:
    if running is None:
        return {"up": False, "port": port}
    return {
        "up": True,
        "port": port,
        "endpoint_url": running.endpoint_url,
        "process": running.pid,
        "up_for": str(timedelta(seconds=int(time.time() - running.started))),
        "engine": f"Trino {running.trino_version}, heap {running.heap_mib} MiB{_lost(running)}",
        "data_dir": running.data_dir,
        "log": str(state.log_file(port)),
        "environment": running.environment,
    }


def _lost(running: ServerState) -> str:
    if running.engine_lost is None:
        return ""
    return f"; given up: {running.engine_lost}. Start it again: {_me('down', running.port)}, then up"


def _running(port: int) -> ServerState:
    running = state.current(port)
    if running is None:
        _fail(f"No local AWS is up at port {port}. Start it: {_me('up', port)} --detach")
    return running


def _environment(port: int | None) -> dict[str, str]:
    """Where a query goes: to the port's server, or where the environment says, or to the default port's."""
    if port is None and "AWS_ENDPOINT_URL" in os.environ:
        names = (
            "AWS_ENDPOINT_URL",
            "AWS_ACCESS_KEY_ID",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_DEFAULT_REGION",
            "FINLAKE_BUCKET",
        )
        missing = [name for name in names if not os.environ.get(name)]
        if missing:
            _fail(f"AWS_ENDPOINT_URL is set, but not {', '.join(missing)}.")
        return {name: os.environ[name] for name in names}
    return _running(DEFAULT_PORT if port is None else port).environment


@contextmanager
def _plain_errors() -> Iterator[None]:
    try:
        yield
    except LocalAwsError as error:
        _fail(str(error))


@contextmanager
def _busy(what: str) -> Iterator[Callable[[], None]]:
    """Shows a person that something is going on, until what it gives is called or the block ends."""
    status = err.status(what)
    if err.is_terminal:
        status.start()
    try:
        yield status.stop
    finally:
        status.stop()


def _fail(message: str, status: int = 1) -> NoReturn:
    err.print(message, markup=False, soft_wrap=True)
    raise typer.Exit(status)
