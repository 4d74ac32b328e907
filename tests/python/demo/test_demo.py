"""The parts of `make demo`: where its files and its lake are, and what it counts."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from unittest.mock import Mock

import pytest

from demo import build
from demo.__main__ import _local_aws
from demo.show import sparkline
from demo.source import source
from localaws.errors import LocalAwsError
from localaws.storage.folder import opened

TODAY = date(2026, 3, 1)


def test_every_source_has_a_lake_of_its_own(tmp_path: Path) -> None:
    folders = [tmp_path / "a" / "samples", tmp_path / "b" / "samples"]
    for folder in folders:
        folder.mkdir(parents=True)
    origins = ["samples", "b3", *map(str, folders)]
    assert len({source(origin, TODAY, tmp_path).lake for origin in origins}) == len(origins)


def test_a_source_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        source(str(tmp_path / "nowhere"), TODAY, tmp_path)


def test_a_folder_s_files_say_of_which_domain_they_are(tmp_path: Path) -> None:
    (tmp_path / "tb_faturas_202301.csv").touch()
    (tmp_path / "quotes").mkdir()
    (cards,) = source(str(tmp_path), TODAY, tmp_path).land
    (quotes,) = source(str(tmp_path / "quotes"), TODAY, tmp_path).land
    assert (cards[3], quotes[3:5]) == ("cards", ["b3", "quotes"])


def test_b3_means_the_two_last_whole_months(tmp_path: Path) -> None:
    assert [command[-1] for command in source("b3", TODAY, tmp_path).land] == ["2026-01", "2026-02"]


@pytest.mark.parametrize(
    ("values", "drawn"), [([], ""), (["1"], "▁"), (["2", "2"], "▁▁"), (["1", "3", "2"], "▁█▄")]
)
def test_a_sparkline_has_a_block_a_value(values: list[str], drawn: str) -> None:
    assert sparkline([Decimal(value) for value in values]) == drawn


def test_a_lake_that_is_up_at_another_port_is_not_taken_away(tmp_path: Path) -> None:
    chosen = source("samples", TODAY, tmp_path)
    samples = tmp_path / "samples"
    samples.mkdir()
    with opened(chosen.lake) as lake, pytest.raises(LocalAwsError, match="in use"):
        _local_aws(chosen, tmp_path, 1)
    assert lake.root.exists()
    assert samples.exists()


def test_a_build_s_cost_is_that_of_what_athena_bills_since_then(monkeypatch: pytest.MonkeyPatch) -> None:
    begin = datetime(2026, 3, 1, tzinfo=UTC)
    kinds = ["SELECT", "CREATE_TABLE_AS_SELECT", "CREATE_TABLE", "SHOW_TABLES", "MERGE"]
    executions = [
        {
            "StatementType": "DDL" if kind.startswith("CREATE") else "DML",
            "SubstatementType": kind,
            "Status": {
                "State": "SUCCEEDED",
                "SubmissionDateTime": begin - timedelta(days=kind == "MERGE"),
            },
            "Statistics": {"DataScannedInBytes": 20_000_000},
        }
        for kind in kinds
    ]
    athena = Mock()
    athena.get_paginator.return_value.paginate.return_value = [{"QueryExecutionIds": kinds}]
    athena.batch_get_query_execution.return_value = {"QueryExecutions": executions}
    monkeypatch.setattr(build, "athena", lambda _: athena)
    spent = build.cost({}, begin)
    assert (spent.queries, spent.bytes_scanned) == (2, 40_000_000)
    assert spent.dollars == pytest.approx(0.0002)
