"""Single rows with something wrong, or with looks that deceive, and what should become of them."""

from collections.abc import Callable
from dataclasses import dataclass

from samples.cards import months
from samples.cards.form import Form, columns, day, line, money

Row = dict[str, str]
Change = Callable[[Row, int, Form], Row]
Write = Callable[[Row, Form], str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of odd row of one kind of file. `outcome` and `reason` are told in `dirt.DirtyRow`."""

    name: str
    kind: str
    outcome: str
    reason: str | None
    change: Change
    as_line: Write | None = None

    def write(self, month: int, customer: int, form: Form) -> tuple[str, str]:
        """The row's key and its line, with its end."""
        usual = _invoice if self.kind == "faturas" else _payment
        row = self.change(usual(month, customer, form), month, form)
        key = row["id_fatura" if self.kind == "faturas" else "id_pagamento"]
        if self.as_line:
            return key, self.as_line(row, form)
        return key, line(_values(row, self.kind, form), form)


def _invoice(month: int, customer: int, form: Form) -> Row:
    issued = months.first_day(month) + 9
    return {
        "id_fatura": f"{customer}-1",
        "id_cliente": str(customer),
        "data_emissao": day(issued, form),
        "data_vencimento": day(issued + 10, form),
        "valor_fatura": money(123456, form),
        "valor_pagamento_minimo": money(18518, form),
    }


def _payment(month: int, customer: int, form: Form) -> Row:
    return {
        "id_pagamento": f"PG-{customer}-1",
        "id_fatura": f"{customer}-1",
        "id_cliente": str(customer),
        "data_pagamento": day(months.first_day(month) + 15, form),
        "valor_pagamento": money(5000, form),
    }


def _values(row: Row, kind: str, form: Form) -> list[str]:
    return [row.get(name, "") for name in columns(kind, form)]


def _set(column: str, value: str) -> Change:
    return lambda row, _month, _form: row | {column: value}


def _as_it_is(row: Row, _month: int, _form: Form) -> Row:
    return row


def _money(column: str, cents: int) -> Change:
    return lambda row, _month, form: row | {column: money(cents, form)}


def _negative(column: str) -> Change:
    return lambda row, _month, form: row | {column: f"-{money(1000, form)}"}


def _thousands(column: str) -> Change:
    def change(row: Row, _month: int, form: Form) -> Row:
        return row | {column: "1.234,56" if form.decimal == "," else "1,234.56"}

    return change


def _three_decimals(column: str) -> Change:
    return lambda row, _month, form: row | {column: f"12{form.decimal}345"}


def _other_mark(column: str) -> Change:
    return lambda row, _month, form: row | {column: "12,50" if form.decimal == "." else "12.50"}


def _impossible_day(column: str) -> Change:
    def change(row: Row, month: int, form: Form) -> Row:
        year = month // 12
        return row | {column: f"{year}-02-30" if form.dates == "iso" else f"30/02/{year}"}

    return change


def _other_date_form(column: str) -> Change:
    def change(row: Row, month: int, form: Form) -> Row:
        other = Form(dates="dmy" if form.dates == "iso" else "iso")
        return row | {column: day(months.first_day(month) + 9, other)}

    return change


def _days_off(column: str, days: int) -> Change:
    return lambda row, month, form: row | {column: day(months.first_day(month) + days, form)}


def _without_last(row: Row, form: Form) -> str:
    return line(list(row.values())[:-1], form)


def _one_more(row: Row, form: Form) -> str:
    return line([*row.values(), *("x" for _ in range(len(columns("faturas", form)))), "x"], form)


def _never_closed(row: Row, form: Form) -> str:
    values = list(row.values())
    return form.separator.join([values[0], f'"{values[1]}', *values[2:]]) + form.line_end


def _all_quoted(row: Row, form: Form) -> str:
    kind = "faturas" if "data_emissao" in row else "pagamentos"
    return form.separator.join(f'"{value}"' for value in _values(row, kind, form)) + form.line_end


def _invoice_fault(name: str, reason: str, change: Change, as_line: Write | None = None) -> Fault:
    return Fault(name, "faturas", "quarantined", reason, change, as_line)


def _payment_fault(name: str, reason: str, change: Change, as_line: Write | None = None) -> Fault:
    return Fault(name, "pagamentos", "quarantined", reason, change, as_line)


INVOICE_FAULTS = (
    _invoice_fault("thousands", "bad_number:valor_fatura", _thousands("valor_fatura")),
    _invoice_fault("three_decimals", "bad_number:valor_fatura", _three_decimals("valor_fatura")),
    _invoice_fault("no_number", "bad_number:valor_pagamento_minimo", _set("valor_pagamento_minimo", "n/d")),
    _invoice_fault("no_amount", "bad_number:valor_fatura", _set("valor_fatura", "")),
    _invoice_fault("other_mark", "bad_number:valor_fatura", _other_mark("valor_fatura")),
    _invoice_fault("impossible_day", "bad_date:data_vencimento", _impossible_day("data_vencimento")),
    _invoice_fault("other_date_form", "bad_date:data_emissao", _other_date_form("data_emissao")),
    _invoice_fault("no_key", "missing_key", _set("id_fatura", "")),
    _invoice_fault("no_customer", "missing_key", _set("id_cliente", "")),
    _invoice_fault("negative", "negative_amount", _negative("valor_fatura")),
    _invoice_fault("minimum_above", "minimum_above_invoice", _money("valor_pagamento_minimo", 123457)),
    _invoice_fault("due_before_issue", "due_before_issue", _days_off("data_vencimento", 8)),
    _invoice_fault("month_before", "month_not_the_file_s", _days_off("data_emissao", -1)),
    _invoice_fault("short", "malformed_line", _as_it_is, _without_last),
    _invoice_fault("long", "malformed_line", _as_it_is, _one_more),
    Fault("all_quoted", "faturas", "valid", None, _as_it_is, _all_quoted),
    _invoice_fault("quote_never_closed", "malformed_line", _as_it_is, _never_closed),
)
PAYMENT_FAULTS = (
    _payment_fault("thousands", "bad_number:valor_pagamento", _thousands("valor_pagamento")),
    _payment_fault("impossible_day", "bad_date:data_pagamento", _impossible_day("data_pagamento")),
    _payment_fault("no_key", "missing_key", _set("id_pagamento", "")),
    _payment_fault("no_invoice", "missing_key", _set("id_fatura", "")),
    _payment_fault("negative", "negative_amount", _negative("valor_pagamento")),
    _payment_fault("month_after", "month_not_the_file_s", _days_off("data_pagamento", 45)),
    _payment_fault("short", "malformed_line", _as_it_is, _without_last),
    Fault("invoice_never_comes", "pagamentos", "pending", None, _as_it_is),
)
