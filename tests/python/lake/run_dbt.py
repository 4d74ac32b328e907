"""dbt as its own command is, for `commands`."""

from dbt.cli.main import cli

if __name__ == "__main__":
    cli(prog_name="dbt")
