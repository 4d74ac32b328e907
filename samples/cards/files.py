"""The files of a portfolio: one of invoices and one of payments for every month, of any number of holders."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from samples.cards import dirt, months
from samples.cards.form import Form, header, invoice_lines, payment_lines
from samples.cards.portfolio import Month, Portfolio, chunks, live

Kind = Literal["faturas", "pagamentos"]
LINES: dict[Kind, Callable[[NDArray[Any], Form], bytes]] = {
    "faturas": invoice_lines,
    "pagamentos": payment_lines,
}


@dataclass(frozen=True, slots=True)
class Request:
    """What to make: the files of `customers` holders for the months `first` to `last`, written YYYY-MM.

    `forms` take turns by month. In a `steady` portfolio nobody comes or goes. `dirty` adds what is wrong with
    files in real life and `dirt.json`, where it is told; it needs three months or more.
    """

    out: Path
    first: str
    last: str
    customers: int = 1000
    seed: int = 7
    forms: tuple[Form, ...] = (Form(),)
    dirty: bool = False
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A file that was made: its rows, the sum of their amounts in cents, and its bytes. `month` is YYYYMM."""

    path: Path
    kind: Kind
    month: str
    rows: int
    cents: int
    bytes: int


def make(request: Request, heard: Callable[[float], None] = lambda _: None) -> list[Made]:
    """Write the files of a request, by month; `heard` is told the share of the work done since it last was.

    What dirt adds is listed in `dirt.json` and not among what is returned. Raises ValueError when the months
    are none, or too few for dirt.
    """
    first, last = months.parse(request.first), months.parse(request.last)
    if first > last:
        raise ValueError(f"{request.first} comes after {request.last}")
    if request.dirty and last - first < dirt.MONTHS - 1:
        raise ValueError(f"dirt needs {dirt.MONTHS} months or more")
    request.out.mkdir(parents=True, exist_ok=True)
    totals = {
        (month, kind): _begin(request, month, kind, first)
        for month in range(first, last + 1)
        for kind in LINES
    }
    spoilt = dirt.plan(first, last) if request.dirty else None
    some: dict[int, Month] = {}
    portfolio = Portfolio(request.customers, first, last, request.seed, request.steady)
    for chunk in chunks(request.customers):
        for lived in live(portfolio, chunk):
            if chunk == 0 and spoilt and lived.month in spoilt.months:
                some[lived.month] = lived
            invoices, _ = dirt.held_back(spoilt, lived, chunk)
            facts: dict[Kind, NDArray[Any]] = {"faturas": invoices, "pagamentos": lived.payments}
            for kind, rows in facts.items():
                _add(totals[lived.month, kind], rows, _form(request, lived.month, first))
            heard(1 / (len(chunks(request.customers)) * (last - first + 1)))
    if spoilt:
        moved = dirt.make(request.out, spoilt, some, lambda month: _form(request, month, first))
        for total in totals.values():
            total.path = moved.get(total.path, total.path)
    return [total.made() for total in totals.values()]


@dataclass(slots=True)
class _Total:
    """A file that is being written."""

    path: Path
    kind: Kind
    month: int
    rows: int = 0
    cents: int = 0

    def made(self) -> Made:
        size = self.path.stat().st_size
        return Made(self.path, self.kind, months.written(self.month), self.rows, self.cents, size)


def _form(request: Request, month: int, first: int) -> Form:
    return request.forms[(month - first) % len(request.forms)]


def _begin(request: Request, month: int, kind: Kind, first: int) -> _Total:
    path = request.out / f"tb_{kind}_{months.written(month)}.csv"
    path.write_bytes(header(kind, _form(request, month, first)))
    return _Total(path, kind, month)


def _add(total: _Total, rows: NDArray[Any], form: Form) -> None:
    with total.path.open("ab") as file:
        file.write(LINES[total.kind](rows, form))
    total.rows += len(rows)
    total.cents += int(np.sum(rows["cents"]))
