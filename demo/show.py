"""Results as tables for people."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

from rich.console import Console
from rich.table import Table
from rich.text import Text

from localaws.query import Result, execute

# The columns that give way on a narrow terminal.
FOLDED = ("file", "detail", "first, file:line")
PERCENTAGES = (
    "return",
    "return 21",
    "vol. 21",
    "over IBOV 21",
    "paid",
    "on time",
    "below minimum",
    "share",
    "weight",
)
BARS = "▁▂▃▄▅▆▇█"
WIDTH = 40


@dataclass(frozen=True, slots=True)
class Query:
    """A query of demo/queries and the sentence that stands over its result."""

    name: str
    title: str


def run(query: Query, environment: dict[str, str]) -> Result:
    """Raises QueryFailedError."""
    sql = files("demo").joinpath("queries", f"{query.name}.sql").read_text(encoding="utf-8")
    return execute(sql, environment, environment.get("FINLAKE_WORKGROUP", "primary"))


def show(query: Query, environment: dict[str, str], console: Console) -> Result:
    """Run the query and print its rows. Raises QueryFailedError."""
    result = run(query, environment)
    if not result.rows:
        console.print(f"[bold]{query.title}[/]\nnone\n")
        return result
    table = Table(title=query.title, title_justify="left", title_style="bold", box=None, padding=(0, 1, 0, 0))
    for column in result.columns:
        text = column.type in ("varchar", "date") or column.name == "share"
        foldable = column.name in FOLDED
        table.add_column(
            column.name,
            justify="left" if text else "right",
            overflow="fold",
            no_wrap=not foldable,
            header_style="cyan",
        )
    for row in result.rows:
        table.add_row(
            *(_cell(column.name, column.type, cell) for column, cell in zip(result.columns, row, strict=True))
        )
    console.print(table)
    console.print()
    return result


def sparkline(values: list[Decimal]) -> str:
    """One block a value, from the lowest to the highest."""
    if not values:
        return ""
    low, span = min(values), max(values) - min(values)
    return "".join(BARS[int((value - low) / span * (len(BARS) - 1)) if span else 0] for value in values)


def column(result: Result, name: str) -> list[Decimal]:
    """A column's numbers, nulls left out."""
    place = [column.name for column in result.columns].index(name)
    return [Decimal(cell) for row in result.rows if (cell := row[place]) is not None]


def _cell(name: str, kind: str, value: str | None) -> Text:
    if value is None:
        return Text("-", style="dim")
    if kind == "date":
        return Text(date.fromisoformat(value).isoformat())
    if kind not in ("decimal", "bigint", "integer"):
        return Text(value)
    number = Decimal(value)
    if name in PERCENTAGES:
        style = ("red" if number < 0 else "green") if name.startswith("return") else ""
        bar = f" {'█' * round(number * WIDTH) or '▏'}" if name == "share" else ""
        return Text(f"{number:6.1%}", style=style).append(bar, style="cyan")
    if name == "missing" and number:
        return Text(f"{number:,}", style="bold red")
    return Text(f"{number:,.2f}" if kind == "decimal" else f"{number:,}")
