"""How a file is written: its separator, numbers, dates, characters; and the way of facts into its lines."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

INVOICE_COLUMNS = (
    "id_fatura",
    "id_cliente",
    "data_emissao",
    "data_vencimento",
    "valor_fatura",
    "valor_pagamento_minimo",
)
PAYMENT_COLUMNS = ("id_pagamento", "id_fatura", "id_cliente", "data_pagamento", "valor_pagamento")

# Columns of wide files, with values that need quotes in one form or another.
MORE_OF_INVOICES: dict[str, tuple[str, ...]] = {
    "nome_cliente": (
        "João da Conceição",
        'José "Zé" Araújo',
        "Müller, Assunção & Cia; filial 2",
        "Ana D'Ávila",
        "Íris Magalhães",
    ),
    "produto": ("Clássico", "Gold", "Platinum"),
    "cidade": ("São Paulo", "Brasília", "Belém", "Uberlândia"),
    "observacao": ("", "2ª via", "endereço novo:\nRua das Acácias, 7"),
}
MORE_OF_PAYMENTS: dict[str, tuple[str, ...]] = {
    "canal": ("boleto", "débito automático", "Pix", "lotérica; correspondente"),
    "banco": ("001", "104", "237", "341"),
}

Dates = Literal["iso", "dmy"]
Encoding = Literal["utf-8", "utf-8-sig", "latin-1"]
LineEnd = Literal["\n", "\r\n"]


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a file, one for all its lines. `wide` adds columns that are not expected (ten in all)."""

    separator: Literal[",", ";"] = ","
    decimal: Literal[".", ","] = "."
    dates: Dates = "iso"
    encoding: Encoding = "utf-8"
    line_end: LineEnd = "\n"
    wide: bool = False


def header(kind: str, form: Form) -> bytes:
    """Line 1 of a file of invoices or payments, with a BOM where the encoding has one."""
    return line(columns(kind, form), form).encode(form.encoding)


def columns(kind: str, form: Form) -> list[str]:
    """The names of a file's columns."""
    names = INVOICE_COLUMNS if kind == "faturas" else PAYMENT_COLUMNS
    return [*names, *(_more(kind) if form.wide else ())]


def line(values: list[str], form: Form) -> str:
    """One line of texts, quoted where they have to be."""
    return form.separator.join(quoted(value, form) for value in values) + form.line_end


def quoted(value: str, form: Form) -> str:
    """The value as it stands in the file."""
    if any(character in value for character in (form.separator, '"', "\n", "\r")):
        return '"' + value.replace('"', '""') + '"'
    return value


def money(cents: int, form: Form) -> str:
    """An amount as it is read, not yet quoted."""
    return f"{cents // 100}{form.decimal}{cents % 100:02d}"


def day(days: int, form: Form) -> str:
    """A day, counted from 1970-01-01, as it is read."""
    return str(_day_texts(np.array([days]), form)[0])


def invoice_lines(rows: NDArray[Any], form: Form) -> bytes:
    """Invoices as lines of a file."""
    customer = _integers(rows["customer"])
    fields = [
        _joined([customer, _integers(rows["number"])], "-"),
        customer,
        _day_texts(rows["issued"], form),
        _day_texts(rows["due"], form),
        _money_texts(rows["cents"], form),
        _money_texts(rows["minimum"], form),
    ]
    return _lines("faturas", fields, rows, form)


def payment_lines(rows: NDArray[Any], form: Form) -> bytes:
    """Payments as lines of a file."""
    customer = _integers(rows["customer"])
    fields = [
        _joined([pa.repeat("PG", len(rows)), customer, _integers(rows["number"])], "-"),
        _joined([customer, _integers(rows["invoice"])], "-"),
        customer,
        _day_texts(rows["paid_on"], form),
        _money_texts(rows["cents"], form),
    ]
    return _lines("pagamentos", fields, rows, form)


def _lines(kind: str, fields: list[Any], rows: NDArray[Any], form: Form) -> bytes:
    if not len(rows):
        return b""
    if form.wide:
        fields = fields + [_chosen(values, rows, form) for values in _more(kind).values()]
    joined = _joined([_joined(fields, form.separator), pa.repeat(form.line_end, len(rows))], "")
    _, offsets, characters = joined.buffers()
    ends = np.frombuffer(offsets, np.int32)
    text: bytes = characters.to_pybytes()[ends[joined.offset] : ends[joined.offset + len(joined)]]
    if form.encoding == "latin-1" and form.wide:
        return text.decode("utf-8").encode("latin-1")
    return text


def _more(kind: str) -> dict[str, tuple[str, ...]]:
    return MORE_OF_INVOICES if kind == "faturas" else MORE_OF_PAYMENTS


def _chosen(values: tuple[str, ...], rows: NDArray[Any], form: Form) -> Any:
    """One of the values for each row, the same for a customer's every row of one kind."""
    texts = pa.array([quoted(value, form) for value in values])
    return texts.take(pa.array((rows["customer"] * 7 + len(values[0])) % len(values)))


def _integers(values: NDArray[np.int64]) -> Any:
    return pa.array(values).cast(pa.string())


def _money_texts(cents: NDArray[np.int64], form: Form) -> Any:
    whole, hundredths = np.divmod(cents, 100)
    texts = _joined([_integers(whole), _two_digits().take(pa.array(hundredths))], form.decimal)
    if form.decimal == form.separator:
        quotes = pa.repeat('"', len(cents))
        return _joined([quotes, texts, quotes], "")
    return texts


def _day_texts(days: NDArray[np.int64], form: Form) -> Any:
    """Days as texts, each different one of them written once."""
    if not len(days):
        return pa.array([], pa.string())
    first = int(days.min())
    every = pa.array(np.arange(first, int(days.max()) + 1).astype("datetime64[D]"))
    texts = pc.strftime(every, format="%Y-%m-%d" if form.dates == "iso" else "%d/%m/%Y")
    return texts.take(pa.array(days - first))


def _joined(fields: list[Any], between: str) -> Any:
    return pc.binary_join_element_wise(*fields, between)


@cache
def _two_digits() -> Any:
    return pa.array([f"{number:02d}" for number in range(100)])
