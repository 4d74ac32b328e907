"""COTAHIST's fields for those who read the layout without our reader."""

import csv
from pathlib import Path

LAYOUT = Path(__file__).parents[2] / "ingestion" / "b3" / "cotahist.csv"


def fields() -> list[tuple[str, int, int]]:
    """Name, start from 0, and width of each field."""
    with LAYOUT.open(encoding="utf-8", newline="") as file:
        return [(row["field"], int(row["start"]) - 1, int(row["width"])) for row in csv.DictReader(file)]
