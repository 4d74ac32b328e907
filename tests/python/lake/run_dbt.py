"""dbt as its own command is, in less time: for `commands`."""

from dbt.cli.main import cli

from tests.python.quick_boto import make_clients_once

if __name__ == "__main__":
    make_clients_once()
    cli(prog_name="dbt")
