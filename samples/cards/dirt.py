"""What is wrong with files in real life, made on purpose and written down in `dirt.json`.

Files that have to be refused, copies and corrections stand beside the good file of their month, under its
name and a suffix. Faulty rows are at the end of one month's two files, each with a customer of its own. What
comes late (invoices that were left out, a whole file that was missing) is in the folder `later`, to be landed
after the others.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.cards import months
from samples.cards.faults import INVOICE_FAULTS, PAYMENT_FAULTS, Fault
from samples.cards.form import Form, columns, header, invoice_lines, line, payment_lines
from samples.cards.portfolio import Month

MONTHS = 3
LATER = "later"
HELD_BACK = 3
CORRECTED, REPEATED = 3, 2
FIRST_FAULTY_CUSTOMER = 90_000_001
PAGE = b"<html><body>Sess\xc3\xa3o expirada. Entre novamente.</body></html>\n"
NO_TEXT = bytes(range(256)) * 8


@dataclass(frozen=True, slots=True)
class Plan:
    """In which month what goes wrong."""

    corrected: int
    faulty: int
    missing: int

    @property
    def months(self) -> tuple[int, ...]:
        return self.corrected, self.faulty


@dataclass(frozen=True, slots=True)
class DirtyFile:
    """A file that is not simply the file of its month. `outcome` is the control table's status."""

    file: str
    period: str | None
    kind: str
    outcome: str
    reason: str | None
    note: str


@dataclass(frozen=True, slots=True)
class DirtyRow:
    """A row that does not simply become a row of its curated table; `line` is where it begins in its file.

    `outcome`: quarantined (for the `reason`), duplicate (of the row with its key), correction (of it),
    pending (a payment that waits for its invoice), or valid, in spite of its looks.
    """

    file: str
    line: int
    key: str
    fault: str
    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class _Account:
    files: list[DirtyFile]
    rows: list[DirtyRow]


def plan(first: int, last: int) -> Plan:
    """What goes wrong when, in a span of MONTHS or more."""
    span = last - first + 1
    faulty = first + span // 3
    missing = first + span // 2
    return Plan(corrected=first, faulty=faulty, missing=missing + (missing == faulty))


def held_back(wrong: Plan | None, lived: Month, chunk: int) -> tuple[NDArray[Any], NDArray[Any]]:
    """A month's invoices that its file has, and those that are left out of it and come later."""
    if wrong is None or chunk or lived.month != wrong.faulty:
        return lived.invoices, lived.invoices[:0]
    paid = np.isin(
        lived.invoices[["customer", "number"]].copy(),
        _keys(lived.payments[["customer", "invoice"]]),
    )
    out = np.zeros(len(paid), np.bool_)
    out[np.flatnonzero(paid)[:HELD_BACK]] = True
    return lived.invoices[~out], lived.invoices[out]


def make(out: Path, wrong: Plan, some: dict[int, Month], form_of: Callable[[int], Form]) -> dict[Path, Path]:
    """Spoil the files in `out`, write others and `dirt.json`; which files were moved, and where to.

    `some` are the facts of the first holders in the months of the plan.
    """
    (out / LATER).mkdir(exist_ok=True)
    account = _Account([], [])
    _refused(out, wrong, some[wrong.corrected], form_of(wrong.corrected), account)
    _copied_and_corrected(out, wrong.corrected, some[wrong.corrected], form_of(wrong.corrected), account)
    _faulty(out, wrong.faulty, form_of(wrong.faulty), account)
    _late(out, wrong, some[wrong.faulty], form_of(wrong.faulty), account)
    moved = _missing(out, wrong.missing, account)
    told = {"files": [asdict(one) for one in account.files], "rows": [asdict(row) for row in account.rows]}
    (out / "dirt.json").write_text(json.dumps(told, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return moved


def _refused(out: Path, wrong: Plan, month: Month, form: Form, account: _Account) -> None:
    """Files that are refused as a whole; each is told by its suffix."""
    invoices, payments = invoice_lines(month.invoices[:5], form), payment_lines(month.payments[:5], form)
    invoice_header, payment_header = header("faturas", form), header("pagamentos", form)
    names = columns("faturas", form)
    wide = [*names, names[-1]]
    lacking = line(["id_pagamento", "id_fatura", "id_cliente", "data_pagamento", "valor"], form)
    plain = (invoice_header + invoices).decode(form.encoding)
    contents = {
        ("pagamentos", "lacking"): (
            "missing_column",
            "valor_pagamento is called valor",
            lacking.encode(form.encoding) + payments,
        ),
        ("pagamentos", "page"): ("missing_column", "a page under the name of a CSV", PAGE),
        ("faturas", "utf16"): ("unreadable_encoding", "saved as Unicode text", plain.encode("utf-16")),
        ("faturas", "binary"): ("unreadable_encoding", "bytes that are no text", NO_TEXT),
        ("faturas", "empty"): ("empty", "nothing in it", b""),
        ("pagamentos", "header_only"): ("no_rows", "a header and no rows", payment_header),
        ("faturas", "twice"): (
            "duplicate_column",
            f"{names[-1]} is there twice",
            line(wide, form).encode(form.encoding) + invoices,
        ),
    }
    period = months.written(wrong.corrected)
    for (kind, suffix), (reason, note, content) in contents.items():
        name = f"tb_{kind}_{period}_{suffix}.csv"
        (out / name).write_bytes(content)
        account.files.append(DirtyFile(name, period, suffix, "refused", reason, note))
    name = f"faturas_{period}.csv"
    (out / name).write_bytes(invoice_header + invoices)
    account.files.append(
        DirtyFile(name, None, "name", "refused", "unknown_name", "a name that tells no table")
    )


def _copied_and_corrected(out: Path, month: int, facts: Month, form: Form, account: _Account) -> None:
    """The month's invoices once more under another name, and later files with some of its rows changed."""
    period = months.written(month)
    copy = out / f"tb_faturas_{period}_copy.csv"
    copy.write_bytes((out / f"tb_faturas_{period}.csv").read_bytes())
    account.files.append(
        DirtyFile(copy.name, period, "copy", "duplicate", None, "the month's invoices once more")
    )
    invoices = facts.invoices[: CORRECTED + REPEATED].copy()
    invoices["cents"][:CORRECTED] += 10_000
    payments = facts.payments[: CORRECTED + REPEATED].copy()
    payments["cents"][:CORRECTED] += 100
    written = {"faturas": invoice_lines(invoices, form), "pagamentos": payment_lines(payments, form)}
    keys = {
        "faturas": [f"{row['customer']}-{row['number']}" for row in invoices],
        "pagamentos": [f"PG-{row['customer']}-{row['number']}" for row in payments],
    }
    for kind, lines in written.items():
        name = f"tb_{kind}_{period}_corrected.csv"
        (out / name).write_bytes(header(kind, form) + lines)
        note = f"{CORRECTED} rows with another amount, {REPEATED} as they were"
        account.files.append(DirtyFile(name, period, "correction", "landed", None, note))
        starts = _line_numbers(lines, keys[kind])
        for index, (key, start) in enumerate(zip(keys[kind], starts, strict=True)):
            outcome = "correction" if index < CORRECTED else "duplicate"
            account.rows.append(DirtyRow(name, start, key, f"later_{outcome}", outcome, None))


def _faulty(out: Path, month: int, form: Form, account: _Account) -> None:
    """Rows with faults at the end of the month's two files."""
    faults: dict[str, tuple[Fault, ...]] = {"faturas": INVOICE_FAULTS, "pagamentos": PAYMENT_FAULTS}
    for kind, of_kind in faults.items():
        path = out / f"tb_{kind}_{months.written(month)}.csv"
        number = _lines_in(path) + 1
        with path.open("ab") as file:
            for index, fault in enumerate(of_kind):
                key, text = fault.write(month, FIRST_FAULTY_CUSTOMER + index, form)
                content = text.encode(form.encoding.removesuffix("-sig"))
                file.write(content)
                told = (fault.name, fault.outcome, fault.reason)
                account.rows.append(DirtyRow(path.name, number, key, *told))
                number += content.count(b"\n")


def _late(out: Path, wrong: Plan, facts: Month, form: Form, account: _Account) -> None:
    """The invoices that were left out, in a file of their own; their payments wait for them."""
    period = months.written(wrong.faulty)
    _, left_out = held_back(wrong, facts, 0)
    name = f"{LATER}/tb_faturas_{period}_late.csv"
    (out / name).write_bytes(header("faturas", form) + invoice_lines(left_out, form))
    note = f"{len(left_out)} invoices whose payments came before them"
    account.files.append(DirtyFile(name, period, "late", "landed", None, note))
    late = set(left_out[["customer", "number"]].tolist())
    keys = [f"PG-{row['customer']}-{row['number']}" for row in facts.payments]
    waiting = [tuple(one) in late for one in facts.payments[["customer", "invoice"]].tolist()]
    starts = _line_numbers(payment_lines(facts.payments, form), keys)
    for key, start, waits in zip(keys, starts, waiting, strict=True):
        if waits:
            row = DirtyRow(f"tb_pagamentos_{period}.csv", start, key, "invoice_comes_later", "pending", None)
            account.rows.append(row)


def _missing(out: Path, month: int, account: _Account) -> dict[Path, Path]:
    """The payments of a month are not there; they come later."""
    period = months.written(month)
    path = out / f"tb_pagamentos_{period}.csv"
    moved = path.rename(out / LATER / path.name)
    note = f"{path.name} is missing at first"
    account.files.append(DirtyFile(f"{LATER}/{path.name}", period, "missing", "landed", None, note))
    return {path: moved}


def _keys(pairs: NDArray[Any]) -> NDArray[Any]:
    return np.array(pairs.tolist(), dtype=[("customer", "i8"), ("number", "i8")])


def _line_numbers(lines: bytes, keys: list[str]) -> list[int]:
    """Where each row begins, the header being line 1: rows begin with their key and a separator."""
    found, number = [], 2
    waiting = iter([*keys, ""])
    key = next(waiting)
    for text in lines.decode("latin-1").splitlines():
        if key and text.startswith((f"{key},", f"{key};")):
            found.append(number)
            key = next(waiting)
        number += 1
    return found


def _lines_in(path: Path) -> int:
    with path.open("rb") as file:
        return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
