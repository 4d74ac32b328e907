"""COTAHIST's fields stand in four places; the layout of ingestion is the one they all follow."""

import csv
import re
from pathlib import Path

import yaml

PROJECT = Path(__file__).parents[3]
with (PROJECT / "ingestion" / "b3" / "cotahist.csv").open(encoding="utf-8", newline="") as layout:
    WIDTHS = {row["field"]: int(row["width"]) for row in csv.DictReader(layout)}


def test_staging_puts_the_line_together_from_all_fields_in_order() -> None:
    text = (PROJECT / "models/staging/b3/stg_b3__quotes.sql").read_text(encoding="utf-8")
    fields = re.search(r"set raw_fields = \[(.*?)\]", text, re.DOTALL)
    assert fields
    assert re.findall(r"'(\w+)'", fields[1]) == list(WIDTHS)


def test_the_source_describes_the_fields_in_order() -> None:
    text = (PROJECT / "models/staging/b3/_b3__sources.yml").read_text(encoding="utf-8")
    (source,) = yaml.safe_load(text)["sources"]
    (table,) = (one for one in source["tables"] if one["name"] == "b3_cotahist")
    assert [column["name"] for column in table["columns"]][: len(WIDTHS)] == list(WIDTHS)


def test_the_made_up_line_has_the_fields_in_order_and_as_wide_as_they_are() -> None:
    text = (PROJECT / "macros/b3_raw_quote.sql").read_text(encoding="utf-8")
    fields = re.search(r"set fields = \{(.*?)\}", text, re.DOTALL)
    assert fields
    values = re.findall(r"'(\w+)': '([^']*)'", fields[1])
    assert [(name, len(value)) for name, value in values] == list(WIDTHS.items())
