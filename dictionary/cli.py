"""The command line."""

from pathlib import Path
from typing import Annotated

import typer

from dictionary.render import generated
from dictionary.variables import FaultyDictionaryError, read

PROJECT = Path(__file__).parents[1]
SEED = PROJECT / "seeds" / "cards" / "cards_variables.csv"

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def main(
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when a file is not what it should be.")
    ] = False,
) -> None:
    """Write the macro and the yml that the dictionary of variables generates."""
    try:
        files = generated(read(SEED))
    except FaultyDictionaryError as error:
        typer.echo(f"{SEED.relative_to(PROJECT)}: {error}", err=True)
        raise typer.Exit(1) from error
    stale = [name for name, text in files.items() if _read(PROJECT / name) != text]
    if check and stale:
        typer.echo(
            f"Not what {SEED.relative_to(PROJECT)} generates: {', '.join(stale)}. Run python -m dictionary.",
            err=True,
        )
        raise typer.Exit(1)
    for name in stale:
        (PROJECT / name).write_text(files[name], encoding="utf-8")
        typer.echo(f"written: {name}")


def _read(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
