"""The command line: what it says, what it returns, what it leaves behind."""

import csv
import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest
from rich.console import Console

from localaws import launch, render, state
from localaws.errors import LocalAwsError
from localaws.launch import MISLEADING
from localaws.query import Column, Result, dollars
from localaws.state import ServerState
from tests.python.localaws.processes import has_ended, until

Ended = subprocess.CompletedProcess[str]


@dataclass(frozen=True)
class CommandLine:
    """`python -m localaws` with a state folder and a port of its own."""

    home: Path
    port: int

    def __call__(self, command: str, *arguments: str, with_port: bool = True, **environment: str) -> Ended:
        port = ["--port", str(self.port)] if with_port else []
        return subprocess.run(
            [sys.executable, "-m", "localaws", command, *port, *arguments],
            env=self.environment() | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AWS_", "FINLAKE_BUCKET"))
        }
        return {**kept, "XDG_STATE_HOME": str(self.home)}

    def described(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self("status", "--json").stdout)
        return found


@pytest.fixture
def localaws(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return CommandLine(tmp_path / "state", probe.getsockname()[1])


class TestNotUp:
    """Nothing is up at the port."""

    def test_status(self, localaws: CommandLine) -> None:
        plain, as_json = localaws("status"), localaws("status", "--json")

        assert (plain.returncode, as_json.returncode) == (1, 1)
        assert plain.stdout == f"The local AWS at port {localaws.port} is not up.\n"
        assert json.loads(as_json.stdout) == {"up": False, "port": localaws.port}

    @pytest.mark.parametrize("command", [("env",), ("sql", "select 1")])
    def test_what_needs_it_says_how_to_start_it(
        self, localaws: CommandLine, command: tuple[str, ...]
    ) -> None:
        ended = localaws(*command)

        assert ended.returncode == 1
        assert ended.stdout == ""
        assert f"python -m localaws up --port {localaws.port} --detach" in ended.stderr

    def test_down_has_nothing_to_do(self, localaws: CommandLine) -> None:
        ended = localaws("down")

        assert ended.returncode == 0
        assert ended.stderr == f"No local AWS is up at port {localaws.port}.\n"


class TestWrongUse:
    """What cannot be done is said before anything is started."""

    @pytest.mark.parametrize("detached", [(), ("--detach",)])
    def test_a_port_of_another_program(self, localaws: CommandLine, detached: tuple[str, ...]) -> None:
        with socket.create_server(("127.0.0.1", localaws.port)):
            ended = localaws("up", *detached)

        assert ended.returncode == 1
        assert f"Port {localaws.port} of 127.0.0.1 cannot be used." in ended.stderr
        assert "Another program listens there." in ended.stderr
        assert "--port N" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_a_data_folder_of_other_things(self, localaws: CommandLine, tmp_path: Path) -> None:
        (tmp_path / "thesis.tex").write_text("")

        ended = localaws("up", "--data-dir", str(tmp_path))

        assert ended.returncode == 1
        assert "no data folder of the local AWS" in ended.stderr

    def test_no_trino_where_the_setting_points(self, localaws: CommandLine, tmp_path: Path) -> None:
        ended = localaws("up", FINLAKE_TRINO_HOME=str(tmp_path))

        assert ended.returncode == 1
        assert "FINLAKE_TRINO_HOME" in ended.stderr
        assert "Traceback" not in ended.stderr

    def test_a_heap_that_is_no_size(self, localaws: CommandLine) -> None:
        ended = localaws("up", FINLAKE_TRINO_HEAP="plenty")

        assert ended.returncode == 1
        assert "FINLAKE_TRINO_HEAP is 'plenty'" in ended.stderr

    def test_two_forms_of_output(self, localaws: CommandLine) -> None:
        assert localaws("sql", "select 1", "--csv", "--json").returncode == 2

    def test_an_environment_that_is_half_set(self, localaws: CommandLine) -> None:
        ended = localaws("sql", "select 1", with_port=False, AWS_ENDPOINT_URL="http://127.0.0.1:9")

        assert ended.returncode == 1
        assert "AWS_ENDPOINT_URL is set, but not AWS_ACCESS_KEY_ID" in ended.stderr


class TestState:
    """The file of a server that is up, and of one that was."""

    def up(self, port: int) -> ServerState:
        return ServerState(os.getpid(), port, "http://127.0.0.1:1", {}, None, 2048, "476", time.time())

    def test_a_server_is_up_once_it_says_so_and_until_it_ends(self, localaws: CommandLine) -> None:
        with state.claimed(localaws.port):
            assert state.is_claimed(localaws.port)
            assert state.current(localaws.port) is None
            up = self.up(localaws.port)
            state.publish(up)
            assert state.current(localaws.port) == up
        assert not state.is_claimed(localaws.port)
        assert state.current(localaws.port) is None

    def test_a_server_without_its_engine_says_so(self, localaws: CommandLine) -> None:
        with state.claimed(localaws.port):
            state.publish(replace(self.up(localaws.port), engine_lost="it ended with status 3"))
            told = localaws("status")
        assert told.returncode == 0
        assert "given up: it ended with status 3" in told.stdout

    def test_what_a_killed_server_left_is_not_taken_for_one(self, localaws: CommandLine) -> None:
        with state.claimed(localaws.port):
            state.publish(self.up(localaws.port))
            left = (localaws.home / "finlake" / f"localaws-{localaws.port}.json").read_text()
        (localaws.home / "finlake" / f"localaws-{localaws.port}.json").write_text(left)

        assert state.current(localaws.port) is None
        assert localaws("status").returncode == 1

    def test_two_do_not_claim_one_port(self, localaws: CommandLine) -> None:
        with (
            state.claimed(localaws.port),
            pytest.raises(state.AlreadyClaimedError),
            state.claimed(localaws.port),
        ):
            pass


class TestEnv:
    """What `env` prints is for a shell's eval."""

    def test_what_leads_clients_elsewhere_is_unset(self, localaws: CommandLine) -> None:
        endpoint = "http://127.0.0.1:1"
        up = ServerState(
            os.getpid(), localaws.port, endpoint, {"AWS_ENDPOINT_URL": endpoint}, None, 2048, "476", 0
        )
        with state.claimed(localaws.port):
            state.publish(up)
            script = f'eval "$({sys.executable} -m localaws env --port {localaws.port})" && env'
            ended = subprocess.run(
                ["/bin/sh", "-euc", script],
                env=localaws.environment() | dict.fromkeys(MISLEADING, "astray"),
                capture_output=True,
                text=True,
                check=True,
            )

        names = {line.partition("=")[0] for line in ended.stdout.splitlines()}
        assert f"AWS_ENDPOINT_URL={endpoint}" in ended.stdout.splitlines()
        assert not names & set(MISLEADING)


class TestDown:
    """Ending a server that is not there any more, or not there yet."""

    def test_a_server_that_still_starts_is_not_called_down(
        self, localaws: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(launch, "START_SECONDS", 0.3)

        with state.claimed(localaws.port), pytest.raises(LocalAwsError, match="still starting"):
            launch.end(localaws.port)

    def test_a_server_that_dies_meanwhile_is_down(
        self, localaws: CommandLine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with subprocess.Popen([sys.executable, "-c", ""]) as dead:
            dead.wait()
        found = ServerState(dead.pid, localaws.port, "http://127.0.0.1:1", {}, None, 2048, "476", 0)
        monkeypatch.setattr(state, "wait_up", lambda *_: found)

        launch.end(localaws.port)

        assert not state.is_claimed(localaws.port)


class TestRendering:
    """A result for people and for programs."""

    RESULT = Result(
        [
            Column("ticker", "varchar"),
            Column("n", "bigint"),
            Column("price", "decimal"),
            Column("up", "boolean"),
            Column("ratio", "double"),
        ],
        [["PETR4", "1", "30.10000000", "true", "0.5"], ["[VALE3]", None, None, "false", "NaN"]],
        seconds=0.214,
        bytes_scanned=1_234_567,
        dollars=0.00005,
    )

    def test_table(self) -> None:
        output = io.StringIO()
        render.as_table(self.RESULT, Console(file=output, width=80))

        assert [line.split() for line in output.getvalue().splitlines() if line.strip(" ─")] == [
            ["ticker", "n", "price", "up", "ratio"],
            ["PETR4", "1", "30.10000000", "true", "0.5"],
            ["[VALE3]", "null", "null", "false", "NaN"],
        ]

    def test_rows_too_wide_for_the_terminal_are_records(self) -> None:
        output = io.StringIO()
        render.as_table(self.RESULT, Console(file=output, width=30))

        lines = [line.split() for line in output.getvalue().splitlines()]
        assert [line for line in lines if line[0] in ("row", "ticker", "price")] == [
            ["row", "1", "─" * 24],
            ["ticker", "PETR4"],
            ["price", "30.10000000"],
            ["row", "2", "─" * 24],
            ["ticker", "[VALE3]"],
            ["price", "null"],
        ]

    def test_csv(self) -> None:
        output = io.StringIO()
        render.as_csv(self.RESULT.columns, self.RESULT.rows, output)

        assert output.getvalue() == (
            "ticker,n,price,up,ratio\nPETR4,1,30.10000000,true,0.5\n[VALE3],,,false,NaN\n"
        )

    def test_json(self) -> None:
        output = io.StringIO()
        render.as_json(self.RESULT, output)

        assert json.loads(output.getvalue()) == [
            {"ticker": "PETR4", "n": 1, "price": "30.10000000", "up": True, "ratio": 0.5},
            {"ticker": "[VALE3]", "n": None, "price": None, "up": False, "ratio": "NaN"},
        ]

    @pytest.mark.parametrize(
        ("kind", "state", "scanned", "price"),
        [
            ("SELECT", "SUCCEEDED", 0, 0.00005),
            ("SELECT", "SUCCEEDED", 10_000_000, 0.00005),
            ("SELECT", "SUCCEEDED", 2_000_000_000_000, 10.0),
            ("CREATE_TABLE_AS_SELECT", "SUCCEEDED", 2_000_000_000_000, 10.0),
            ("MERGE", "CANCELLED", 2_000_000_000_000, 10.0),
            ("MERGE", "FAILED", 2_000_000_000_000, 0),
            ("CREATE_TABLE", "SUCCEEDED", 0, 0),
            ("SHOW_TABLES", "SUCCEEDED", 0, 0),
        ],
    )
    def test_athena_bills_what_reads_or_writes_data_and_at_least_10_megabytes(
        self, kind: str, state: str, scanned: int, price: float
    ) -> None:
        execution = {
            "StatementType": "DDL" if kind.startswith("CREATE") else "DML",
            "SubstatementType": kind,
            "Status": {"State": state},
            "Statistics": {"DataScannedInBytes": scanned},
        }
        assert dollars(execution) == pytest.approx(price)

    def test_summary(self) -> None:
        assert render.summary(self.RESULT) == (
            "2 rows in 0.21 s; 1.23 MB scanned, which Athena bills at USD 0.00005"
        )


@pytest.mark.integration
class TestUp:
    """A server with its engine, from the start to the end."""

    def test_a_day_with_it(self, localaws: CommandLine, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with detached(localaws, data) as said:
            self.it_says_how_to_use_it(localaws, said)
            self.a_second_up_says_that_it_is_up(localaws)
            self.queries_are_answered(localaws)
            server = psutil.Process(int(str(localaws.described()["process"])))
            started = server.children(recursive=True)
            assert "java" in {process.name() for process in started}
            server.send_signal(signal.SIGKILL)
            assert until(lambda: all(has_ended(process) for process in started))
        assert localaws("status").returncode == 1

        with detached(localaws, data):
            assert rows(localaws("sql", "select * from d.t", "--csv")) == [["a", "b"], ["1", "x"], ["2", ""]]
            assert localaws("down").returncode == 0
        assert localaws.described() == {"up": False, "port": localaws.port}

    def it_says_how_to_use_it(self, localaws: CommandLine, said: Ended) -> None:
        assert f"The local AWS is up at http://127.0.0.1:{localaws.port}." in said.stderr
        lines = localaws("env").stdout.splitlines()
        assert f"export AWS_ENDPOINT_URL=http://127.0.0.1:{localaws.port}" in lines
        unset, exports = lines[: len(MISLEADING)], lines[len(MISLEADING) :]
        assert unset == [f"unset {name}" for name in MISLEADING]
        assert all(re.fullmatch(r"export [A-Z_]+=\S+", line) for line in exports)

    def a_second_up_says_that_it_is_up(self, localaws: CommandLine) -> None:
        before = localaws.described()["process"]
        for arguments in ((), ("--detach",)):
            second = localaws("up", *arguments)
            assert second.returncode == 0
            assert f"is up already at http://127.0.0.1:{localaws.port}" in second.stderr
        other = localaws("up", "--detach", "--data-dir", "elsewhere")
        assert other.returncode == 1
        assert "Another lake is up" in other.stderr
        assert "not the one of elsewhere" in other.stderr
        assert localaws.described()["process"] == before

    def queries_are_answered(self, localaws: CommandLine) -> None:
        bucket = "finlake-local"
        iceberg = f"table_type = 'ICEBERG', location = 's3://{bucket}/d/t', is_external = false"
        for statement in (
            f"create schema d location 's3://{bucket}/d/'",
            f"create table d.t with ({iceberg}) as select * from (values (1, 'x'), (2, null)) as v (a, b)",
        ):
            ended = localaws("sql", statement)
            assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
        assert "2 rows written" in ended.stderr
        answer = localaws("sql", "select a, b from d.t order by a", "--json")
        assert json.loads(answer.stdout) == [{"a": 1, "b": "x"}, {"a": 2, "b": None}]
        failed = localaws("sql", "select nothing from d.t")
        assert failed.returncode == 1
        assert failed.stderr.startswith("COLUMN_NOT_FOUND")

    def test_a_command_has_one_of_its_own(self, localaws: CommandLine) -> None:
        program = "import os, sys; print(os.environ['AWS_ENDPOINT_URL']); sys.exit(7)"

        ended = localaws("run", "--", sys.executable, "-c", program, with_port=False, AWS_PROFILE="missing")

        assert ended.returncode == 7
        port = int(ended.stdout.strip().rpartition(":")[2])
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port))


@contextmanager
def detached(localaws: CommandLine, data: Path) -> Iterator[Ended]:
    started = localaws("up", "--detach", "--data-dir", str(data))
    try:
        assert started.returncode == 0, started.stderr
        yield started
    finally:
        localaws("down")


def rows(ended: Ended) -> list[list[str]]:
    return list(csv.reader(io.StringIO(ended.stdout)))
