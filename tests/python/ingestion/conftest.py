"""An S3 and a Glue on loopback for the whole run, and an empty lake in them for each test."""

import io
import itertools
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import awswrangler as wr
import boto3
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from moto.server import ThreadedMotoServer
from typer.testing import CliRunner

from ingestion import fetch, question, run
from ingestion.cli import app
from ingestion.fetch import Patience

NUMBERS = itertools.count(1)
QUICK = Patience(attempts=3, first_wait=0.01, longest_wait=0.02)
PAGE = b"\r\n<!DOCTYPE html>\r\n<html><head><title>B3</title></head><body>N\xe3o encontrado</body></html>"


@dataclass(frozen=True)
class Run:
    """What a command did."""

    status: int
    stdout: str
    stderr: str

    @property
    def files(self) -> list[dict[str, Any]]:
        """The outcomes of `--json`."""
        outcomes: list[dict[str, Any]] = json.loads(self.stdout)["files"]
        return outcomes


@dataclass(frozen=True)
class LakeOfTest:
    """A lake, looked at from outside: through the catalog and S3, as an engine would."""

    bucket: str
    database: str

    def ingest(self, *arguments: str | Path, entity: str = "quotes") -> Run:
        """`python -m ingestion b3 quotes …` in this process, or of another entity."""
        return self.run("b3", entity, *arguments)

    def run(self, *command: str | Path) -> Run:
        """`python -m ingestion …` in this process."""
        result = CliRunner().invoke(app, list(map(str, command)))
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr)

    def land(self, *paths: Path) -> list[dict[str, Any]]:
        """Land files one by one; their outcomes."""
        return [outcome for path in paths for outcome in self.ingest("--from", path, "--json").files]

    def objects(self, prefix: str = "") -> list[str]:
        """The keys in the bucket."""
        root = f"s3://{self.bucket}/"
        return sorted(uri.removeprefix(root) for uri in wr.s3.list_objects(f"{root}{prefix}"))

    def content(self, key: str) -> bytes:
        """The bytes of one object."""
        body: bytes = boto3.client("s3").get_object(Bucket=self.bucket, Key=key)["Body"].read()
        return body

    def control(self) -> list[dict[str, Any]]:
        """The rows of file_control, by landing time."""
        rows = self._table("file_control").to_pylist()
        return sorted(rows, key=lambda row: (row["landed_at"], row["attempt_id"]))

    def raw(self, table: str = "b3_cotahist") -> list[dict[str, Any]]:
        """The rows of a raw table, of all files that have landed, by file and line."""
        landed = {row["file_hash"] for row in self.control() if row["status"] == "landed"}
        rows = [row for row in self._table(table).to_pylist() if row["file_hash"] in landed]
        return sorted(rows, key=lambda row: (row["file_hash"], row["line_number"]))

    def _table(self, table: str) -> pa.Table:
        partition_key = "domain" if table == "file_control" else "file_hash"
        tables = []
        for location, (value,) in wr.catalog.get_partitions(self.database, table).items():
            for key in self.objects(location.removeprefix(f"s3://{self.bucket}/")):
                part = pq.read_table(io.BytesIO(self.content(key)))
                tables.append(part.append_column(partition_key, pa.array([value] * len(part))))
        return pa.concat_tables(tables) if tables else pa.table({})


@dataclass(frozen=True)
class Answer:
    """One answer of the server; it promises `length` bytes where that is not what it sends."""

    status: int
    body: bytes = b""
    length: int | None = None


@dataclass
class Source:
    """A server on loopback: its answers in order, the last one for ever, and what it was asked for."""

    answers: list[Answer] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    url: str = ""

    def next(self, path: str) -> Answer:
        self.asked.append(path)
        return self.answers[min(len(self.asked), len(self.answers)) - 1]


@pytest.fixture(scope="session")
def s3_and_glue() -> Iterator[str]:
    """The address of a moto server of this process."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def lake(s3_and_glue: str, monkeypatch: pytest.MonkeyPatch) -> LakeOfTest:
    """An empty lake that the commands find through the environment."""
    number = next(NUMBERS)
    settings = {
        "AWS_ENDPOINT_URL": s3_and_glue,
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
        "AWS_DEFAULT_REGION": "sa-east-1",
        "FINLAKE_TARGET": "local",
        "FINLAKE_BUCKET": f"lake-of-test-{number}",
        "FINLAKE_SCHEMA": f"lake_of_test_{number}",
        "COLUMNS": "200",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    boto3.setup_default_session(region_name="sa-east-1")
    boto3.client("s3").create_bucket(
        Bucket=settings["FINLAKE_BUCKET"], CreateBucketConfiguration={"LocationConstraint": "sa-east-1"}
    )
    return LakeOfTest(settings["FINLAKE_BUCKET"], f"{settings['FINLAKE_SCHEMA']}_raw")


@pytest.fixture
def source(monkeypatch: pytest.MonkeyPatch) -> Iterator[Source]:
    """A server that stands in for B3's."""
    told = Source()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = told.next(self.path)
            self.send_response(answer.status)
            self.send_header(
                "Content-Length", str(len(answer.body) if answer.length is None else answer.length)
            )
            self.end_headers()
            self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}/SerHist"
    monkeypatch.setenv("FINLAKE_B3_BASE_URL", told.url)
    monkeypatch.setenv("FINLAKE_B3_LISTED_URL", told.url)
    yield told
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No long waits between attempts, nor between questions."""
    monkeypatch.setattr(fetch, "PATIENCE", QUICK)
    monkeypatch.setattr(question, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(run, "PAUSE_SECONDS", 0.0)
