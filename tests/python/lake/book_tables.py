"""The tables of the book as tests read them: rows by name, and those of the book by customer and month."""

from datetime import date

from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_cards import month_number

KEY = {"safra", "dt_referencia", "ds_janela", "dt_mes_emissao", "nr_carga"}
OF_THE_LOAD = {"nr_carga", "ts_fato_mais_recente"}

Row = dict[str, object]
Key = tuple[str, int]


def book_of(lake: Lake) -> dict[Key, Row]:
    """The rows of the book by customer and month (months since year 0)."""
    rows = table(lake, "refined", "cards_invoice_book")
    return {(str(row["id_cliente"]), month_of(row)): row for row in rows}


def table(lake: Lake, layer: str, name: str) -> list[Row]:
    columns = list(lake.comments(f"{lake.name}_{layer}", name))
    rows = lake.rows(f"select {', '.join(columns)} from {{lake}}_{layer}.{name}")
    return [dict(zip(columns, row, strict=True)) for row in rows]


def month_of(row: Row) -> int:
    day = row["dt_referencia"]
    assert isinstance(day, date)
    return month_number(day)


def facts_of(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in OF_THE_LOAD}


def values_of(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in KEY}


def at(book: dict[Key, Row], customer: str, year: int, month: int) -> Row:
    return book[customer, month_number(date(year, month, 1))]
