"""B3's own files, from the folder that FINLAKE_REAL_DATA names, against the table in its README."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.python.ingestion.conftest import LakeOfTest
from tests.python.ingestion.reading import read_path

pytestmark = pytest.mark.real

FILE = (
    r"\| (COTAHIST_D\d{8}\.ZIP) \| (\S+) \| (\d+) \| (\d+) \| (\d+) \| \S+ \| (\d+) \| ([\d.]+) \| (\w+) \|"
)
CLOSES = {
    "PETR4": "39.57 39.61 39.33 41.13 40.95 40.50 40.69 42.11",
    "VALE3": "89.97 89.21 88.47 88.16 84.48 84.09 81.29 78.86",
    "ITUB4": "47.79 47.67 46.78 45.92 44.38 45.01 43.51 42.93",
    "BOVA11": "187.46 187.35 185.16 185.50 179.30 181.60 176.75 175.89",
}


@pytest.fixture(scope="module")
def b3() -> Path:
    """The folder of real files."""
    named = os.environ.get("FINLAKE_REAL_DATA")
    if not named or not (Path(named) / "b3" / "README.md").is_file():
        pytest.skip("FINLAKE_REAL_DATA names no folder with real files (b3/README.md)")
    return Path(named) / "b3"


def test_every_daily_file_has_the_rows_and_the_volume_of_its_readme(b3: Path) -> None:
    table = re.findall(FILE, (b3 / "README.md").read_text(encoding="utf-8"))
    assert len(table) >= 13
    for name, session, lines, records, counted, spot, volume, sha256 in table:
        found = read_path(b3 / "cotahist" / name)
        assert found.refusal is None, name
        assert found.envelope
        assert found.file_hash.startswith(sha256), name
        assert len(found.rows) == found.envelope.rows == int(records) == int(lines) - 2, name
        assert found.envelope.rows_expected == int(counted), name
        assert found.envelope.rows_malformed == 0, name
        assert found.envelope.header_date == session.replace("-", ""), name
        assert {row["file_scope"] for row in found.rows} == {"day"}, name
        assert sum(row["tpmerc"] == "010" for row in found.rows) == int(spot), name
        assert sum(Decimal(row["voltot"]) for row in found.rows) / 100 == Decimal(volume), name


def test_the_closes_are_those_one_can_check_by_hand(b3: Path) -> None:
    closes: dict[str, list[str]] = {ticker: [] for ticker in CLOSES}
    names = ("25022026", "26022026", "27022026", "02032026", "03032026", "04032026", "05032026", "06032026")
    for day in names:
        for row in read_path(b3 / "cotahist" / f"COTAHIST_D{day}.ZIP").rows:
            if row["tpmerc"] == "010" and row["codneg"].strip() in closes:
                closes[row["codneg"].strip()].append(f"{Decimal(row['preult']) / 100:.2f}")
    assert {ticker: " ".join(found) for ticker, found in closes.items()} == CLOSES


def test_the_truncated_file_is_refused_with_its_two_numbers(lake: LakeOfTest, b3: Path) -> None:
    (path,) = (b3 / "edge").glob("*truncated*")
    run = lake.ingest("--from", path)
    assert run.status == 1
    assert "trailer_count" in run.stderr
    assert "1745" in run.stderr
    assert "504 rows" in run.stderr
    (told,) = lake.control()
    assert (told["status"], told["rows_expected"]) == ("refused", 1745)


def test_all_real_files_land(lake: LakeOfTest, b3: Path) -> None:
    run = lake.ingest("--from", b3 / "cotahist", "--json")
    assert run.status == 0
    assert {one["status"] for one in run.files} == {"landed"}
    assert len(lake.raw()) == sum(one["rows"] for one in run.files)
