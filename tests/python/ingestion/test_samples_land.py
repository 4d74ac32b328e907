"""The generator's files, dirt and all, land as its own account of them says."""

import json
from datetime import date
from pathlib import Path

from samples.b3.cotahist import Request, make
from tests.python.ingestion.conftest import LakeOfTest


def test_what_is_wrong_is_refused_or_kept_as_the_account_of_the_dirt_tells(
    lake: LakeOfTest, tmp_path: Path
) -> None:
    made = make(Request(tmp_path, date(2026, 1, 26), date(2026, 2, 6), tickers=10, dirty=True))
    dirt = json.loads((tmp_path / "dirt.json").read_text())
    outcomes = {one["file"]: one for one in lake.ingest("--from", tmp_path, "--json").files}
    assert set(outcomes) == {one.path.name for one in made}
    for one in dirt["files"]:
        assert (outcomes[one["file"]]["status"], outcomes[one["file"]]["reason"]) == (
            one["outcome"],
            one["reason"],
        )
    rest = set(outcomes) - {one["file"] for one in dirt["files"]}
    assert {outcomes[name]["status"] for name in rest} == {"landed"}
    raw = {(row["file_name"], row["line_number"]): row for row in lake.raw()}
    for one in dirt["rows"]:
        row = raw[one["file"], one["line"]]
        assert (row["malformed_line"] is not None) == (one["fault"] in ("short_line", "long_line"))


def test_a_year_lands_like_its_days(lake: LakeOfTest, tmp_path: Path) -> None:
    make(Request(tmp_path, date(2025, 12, 1), date(2025, 12, 30), tickers=10, spans=("day", "month", "year")))
    outcomes = lake.ingest("--from", tmp_path, "--json").files
    assert {one["status"] for one in outcomes} == {"landed"}
    rows = {kind: sum(one["rows"] for one in outcomes if kind in one["file"]) for kind in ("_D", "_M", "_A")}
    assert rows["_D"] == rows["_M"] == rows["_A"] > 0
    scopes = {(row["file_name"][8:10], row["file_scope"]) for row in lake.raw()}
    assert scopes == {("_D", "day"), ("_M", "range"), ("_A", "range")}
