"""An empty lake for each test, and the command that lands files of cards in it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.python.ingestion.conftest import LakeOfTest, Run


@dataclass(frozen=True)
class CardsLake(LakeOfTest):
    """A lake with the raw tables of cards."""

    def ingest(self, *arguments: str | Path, entity: str = "cards") -> Run:
        """`python -m ingestion cards …` in this process."""
        return self.run(entity, *arguments)

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """The rows of the raw table of a kind of all files that have landed, by file and line."""
        landed = {row["file_hash"] for row in self.control() if row["status"] == "landed"}
        rows = [row for row in self._table(f"cards_{kind}").to_pylist() if row["file_hash"] in landed]
        return sorted(rows, key=lambda row: (row["file_name"], row["file_hash"], row["line_number"]))


@pytest.fixture
def cards(lake: LakeOfTest) -> CardsLake:
    """An empty lake that the command finds through the environment."""
    return CardsLake(lake.bucket, lake.database)
