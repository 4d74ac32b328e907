"""What was landed, read by Athena's SQL."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import awswrangler as wr
import pytest
from typer.testing import CliRunner

from ingestion.cli import app
from tests.python.ingestion.cotahist_lines import file, packed, row, text

pytestmark = pytest.mark.integration

RESULTS = "s3://finlake-local/athena-results/"


@pytest.mark.usefixtures("local_aws")
def test_athena_reads_what_was_landed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FINLAKE_SCHEMA", "landed")
    begin = datetime.now(UTC).isoformat(timespec="milliseconds")
    file(tmp_path, packed(text(row(), row(nomres="AÇÚCAR S/A"), b"odd", row(codneg="VALE3"))), "a.zip")
    file(tmp_path, packed(text(row(), row(nomres="AÇÚCAR S/A"), b"odd", row(codneg="VALE3"))), "b.zip")
    file(tmp_path, text(row(), count=9), "c.txt")
    assert CliRunner().invoke(app, ["b3", "quotes", "--from", str(tmp_path)]).exit_code == 1

    rows = _read("select * from b3_cotahist order by line_number")
    assert [one["line_number"] for one in rows] == [2, 3, 4, 5]
    assert [one["codneg"] for one in rows] == ["PETR4       ", "PETR4       ", None, "VALE3       "]
    assert [one["malformed_line"] for one in rows] == [None, None, "odd", None]
    assert rows[1]["nomres"] == "AÇÚCAR S/A  "
    assert {(one["header_date"], one["file_scope"], one["file_name"]) for one in rows} == {
        ("20260306", "day", "a.zip")
    }
    assert {one["tipreg"] for one in rows} == {"01", None}
    assert len({one["file_hash"] for one in rows}) == 1
    (landed_at,) = {one["landed_at"] for one in rows}
    assert begin[:23] <= landed_at[:23] <= datetime.now(UTC).isoformat(timespec="milliseconds")[:23]

    control = _read("select * from file_control where domain = 'b3' order by file_name")
    told = [
        (one["file_name"], one["status"], one["reason"], one["rows_expected"], one["rows_landed"])
        for one in control
    ]
    assert told == [
        ("a.zip", "landed", None, 6, 4),
        ("b.zip", "duplicate", None, 6, 0),
        ("c.txt", "refused", "trailer_count", 9, None),
    ]
    assert control[0]["landed_at"] == landed_at
    assert control[0]["file_hash"] == rows[0]["file_hash"]


def _read(sql: str) -> list[dict[str, Any]]:
    frame = wr.athena.read_sql_query(
        sql, database="landed_raw", ctas_approach=False, s3_output=RESULTS, workgroup="primary"
    )
    rows: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", date_format="iso"))
    return rows
