"""dbt as its own command is, in less time: `python -m tests.python.lake.run_dbt ARGUMENTS`."""

from dbt.cli.main import cli

from tests.python.quick_boto import make_clients_once, read_once

if __name__ == "__main__":
    read_once()
    make_clients_once()
    cli(prog_name="dbt")
