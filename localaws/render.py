"""A query's result on a terminal, as CSV, as JSON."""

import csv
import json
from collections.abc import Iterable
from typing import TextIO

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from localaws.query import Column, Result, Row

INTEGERS = {"tinyint", "smallint", "integer", "bigint"}
FLOATS = {"float", "real", "double"}
NUMBERS = INTEGERS | FLOATS | {"decimal"}


def as_table(result: Result, console: Console) -> None:
    """Numbers to the right, null dim; rows too wide for the terminal as records, one below another."""
    if _width(result) > console.width:
        _as_records(result, console)
        return
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for column in result.columns:
        right = column.type in NUMBERS
        table.add_column(Text(column.name), justify="right" if right else "left", overflow="fold")
    for row in result.rows:
        table.add_row(*map(_text, row))
    console.print(table)


def _width(result: Result) -> int:
    """Characters of the widest row as a table: the widest cell of each column, and the space between two."""
    names = [column.name for column in result.columns]
    cells = zip(names, *result.rows, strict=True)
    return sum(max(len(cell or "null") for cell in column) + 2 for column in cells)


def _as_records(result: Result, console: Console) -> None:
    for number, row in enumerate(result.rows, start=1):
        console.rule(f"row {number}", align="left", style="dim")
        record = Table.grid(padding=(0, 2))
        for column, cell in zip(result.columns, row, strict=True):
            record.add_row(Text(column.name, style="cyan"), _text(cell))
        console.print(record)


def _text(cell: str | None) -> Text:
    return Text("null", style="dim") if cell is None else Text(cell)


def as_csv(columns: list[Column], rows: Iterable[Row], output: TextIO) -> None:
    """A header and the rows, as they come; null is an empty field."""
    writer = csv.writer(output, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    writer.writerows(rows)


def as_json(result: Result, output: TextIO) -> None:
    """A list of objects; decimals stay text, so that no digit is lost."""
    names = [column.name for column in result.columns]
    types = [column.type for column in result.columns]
    rows = [dict(zip(names, map(_json_value, row, types), strict=True)) for row in result.rows]
    json.dump(rows, output, ensure_ascii=False, indent=2)
    output.write("\n")


def summary(result: Result) -> str:
    """`3 rows in 0.21 s; 1.2 MB scanned, which Athena bills at USD 0.00005`."""
    count = len(result.rows) if result.written is None else result.written
    rows = f"{count} row{'' if count == 1 else 's'}{'' if result.written is None else ' written'}"
    return (
        f"{rows} in {result.seconds:.2f} s; {result.bytes_scanned / 1e6:.2f} MB scanned,"
        f" which Athena bills at USD {result.dollars:.5f}"
    )


def _json_value(cell: str | None, kind: str) -> str | int | float | bool | None:
    if cell is None:
        return None
    if kind in INTEGERS:
        return int(cell)
    if kind in FLOATS:
        # JSON has no NaN and no infinity: they stay text.
        number = float(cell)
        return number if number - number == 0 else cell
    return cell == "true" if kind == "boolean" else cell
