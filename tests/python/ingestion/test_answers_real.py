"""The answers of B3 in the real data land, with as many rows as they say."""

import os
import shutil
from pathlib import Path

import pytest

from tests.python.ingestion.conftest import LakeOfTest

pytestmark = pytest.mark.real

# file, command, the name under which it is landed, records
FILES = [
    ("index/indexStatisticsProxy_GetPortfolioDay_IBOV_2022.en-us.json", "index-levels", None, 250),
    ("index/b3_ibov_levels_1968_1997.csv", "index-levels", None, 7366),
    ("index/b3_index_levels_2018_2023_IBOV_SMLL_IDIV.csv", "index-levels", None, 3 * 1487),
    ("index/indexProxy_GetPortfolioDay_IBOV_20250407.en-us.json", "index-portfolio", None, 87),
    ("index/indexProxy_GetTheoricalPortfolio_IBOV_20250407.en-us.json", "index-portfolio", None, 87),
    ("index/indexProxy_GetTheoricalPortfolio_IBOV_2022.pt-br.json", "index-portfolio", "IBOV_20220506", 92),
    ("corporate/GetListedCashDividends.json", "corporate-actions", "CashDividends_ABEV", 29),
    ("corporate/GetListedSupplementCompany.json", "corporate-actions", None, 3),
]


@pytest.mark.parametrize("one", FILES, ids=[path for path, *_ in FILES])
def test_it_lands_whole(lake: LakeOfTest, tmp_path: Path, one: tuple[str, str, str | None, int]) -> None:
    path, command, name, records = one
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip("FINLAKE_REAL_DATA names no folder with real files")
    real = Path(folder, "b3", path)
    named = tmp_path / (f"_{name}.json" if name else real.name)
    shutil.copyfile(real, named)
    (outcome,) = lake.ingest("--from", named, "--json", entity=command).files
    assert (outcome["status"], outcome["rows"], outcome["malformed"]) == ("landed", records, 0)
