"""`python -m dictionary` writes what the dictionary generates; `--check` fails when it is stale."""

from dictionary.cli import app

if __name__ == "__main__":
    app(prog_name="python -m dictionary")
