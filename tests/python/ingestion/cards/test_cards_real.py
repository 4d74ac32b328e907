"""The files of the folder that FINLAKE_REAL_DATA names, against the table in its README."""

import os
import re
from decimal import Decimal
from pathlib import Path

import pytest

from tests.python.ingestion.cards.conftest import CardsLake

pytestmark = pytest.mark.real

MONTH = r"\| (\d{6}) \| ([\d,]+) \| ([\d,.]+) \| ([\d,]+) \| ([\d,.]+) \|"


@pytest.fixture(scope="module")
def folder() -> Path:
    """The folder of real files."""
    named = os.environ.get("FINLAKE_REAL_DATA")
    if not named or not (Path(named) / "cards" / "README.md").is_file():
        pytest.skip("FINLAKE_REAL_DATA names no folder with files of cards (cards/README.md)")
    return Path(named) / "cards"


def test_every_months_files_have_the_rows_and_the_sums_of_their_readme(
    cards: CardsLake, folder: Path
) -> None:
    table = re.findall(MONTH, (folder / "README.md").read_text(encoding="utf-8"))
    assert len(table) == 11
    assert cards.ingest("--from", folder).status == 0
    for kind, amount, at in (("tb_faturas", "valor_fatura", 1), ("tb_pagamentos", "valor_pagamento", 3)):
        rows = cards.rows(kind)
        assert all(row["malformed_line"] is None for row in rows)
        assert {(row["decimal_mark"], row["date_form"]) for row in rows} == {(".", "iso")}
        for month in table:
            amounts = [Decimal(row[amount]) for row in rows if row["file_month"] == month[0]]
            assert len(amounts) == int(month[at].replace(",", "")), month[0]
            assert sum(amounts) == Decimal(month[at + 1].replace(",", "")), month[0]
