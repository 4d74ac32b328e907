"""The seed, read and judged: what a variable is called, how it is computed, what it means.

A formula is one of four things:

- an aggregate of the invoices of the window, over columns of `cards_invoice_status`: `sum(vl_fatura)`;
- a ratio of two aggregates by their names: `vl_pago_total / vl_fatura_total`;
- a function of aggregates by their names, for which there is a macro: `desvio_padrao(...)` is
  `cards_desvio_padrao`; `janela` among its arguments is the number of months of the window;
- a state of the customer, over columns of `cards_customer_months`.
"""

import csv
import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

AUXILIARY = "auxiliar"
STATE = "cards_customer_months."
LONGEST_COMMENT = 255
WINDOW = "janela"
_AGGREGATE = re.compile(r"(count|count_if|sum|max|min|bitwise_or_agg)\((.+)\)")
_RATIO = re.compile(r"(\w+) / (\w+)")
_FUNCTION = re.compile(r"(\w+)\(([\w, ]+)\)")
_SUFFIXED = re.compile(r"(\w+)_u(\d+)m")


class FaultyDictionaryError(ValueError):
    """A row of the dictionary cannot be rendered; the message names it and says why."""


class Kind(StrEnum):
    """How a variable is computed."""

    AGGREGATE = "aggregate"
    RATIO = "ratio"
    FUNCTION = "function"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class Variable:
    """One row of the dictionary; `windows` are months, none for a variable that has no window."""

    name: str
    group: str
    formula: str
    windows: tuple[int, ...]
    data_type: str
    unit: str
    empty: str
    meaning: str

    @property
    def kind(self) -> Kind:
        if self.formula.startswith(STATE):
            return Kind.STATE
        if _AGGREGATE.fullmatch(self.formula):
            return Kind.AGGREGATE
        return Kind.RATIO if _RATIO.fullmatch(self.formula) else Kind.FUNCTION

    @property
    def function(self) -> str:
        """Name of the function of a formula that is one."""
        match = _FUNCTION.fullmatch(self.formula) if self.kind is Kind.FUNCTION else None
        return match[1] if match else ""

    @property
    def arguments(self) -> tuple[str, ...]:
        """What a ratio or a function names, in its order."""
        if self.kind is Kind.RATIO:
            return tuple(self.formula.split(" / "))
        match = _FUNCTION.fullmatch(self.formula) if self.kind is Kind.FUNCTION else None
        return tuple(part.strip() for part in match[2].split(",")) if match else ()

    @property
    def published(self) -> bool:
        """Whether it is a variable of the book; the others only help to compute one."""
        return self.group != AUXILIARY

    @property
    def columns(self) -> tuple[tuple[str, int | None], ...]:
        """Its columns in the book, each with the months of its window."""
        if not self.windows:
            return ((self.name, None),)
        return tuple((f"{self.name}_u{months}m", months) for months in self.windows)


def read(path: Path) -> list[Variable]:
    """The variables of a dictionary.

    Raises FaultyDictionaryError when one cannot be rendered.
    """
    with path.open(encoding="utf-8", newline="") as file:
        variables = [
            Variable(
                row["ds_variavel"],
                row["ds_grupo"],
                row["ds_formula"],
                tuple(int(months) for months in row["ds_janelas"].split()),
                row["ds_tipo"],
                row["ds_unidade"],
                row["ds_vazio"],
                row["ds_significado"],
            )
            for row in csv.DictReader(file)
        ]
    for variable in variables:
        _judge(variable, variables)
    return variables


def _judge(variable: Variable, variables: list[Variable]) -> None:
    aggregates = {one.name: one for one in variables if one.kind is Kind.AGGREGATE}
    if [one.name for one in variables].count(variable.name) > 1:
        raise FaultyDictionaryError(f"{variable.name} is there more than once")
    if variable.kind is Kind.FUNCTION and not variable.function:
        raise FaultyDictionaryError(f"{variable.name}: not understood: {variable.formula}")
    for argument in variable.arguments:
        suffixed = _SUFFIXED.fullmatch(argument)
        name = suffixed[1] if suffixed else argument
        if name != WINDOW and name not in aggregates:
            raise FaultyDictionaryError(
                f"{variable.name}: {name} is no aggregate of the dictionary; a ratio of rounded figures"
                " would not be exact, so name the aggregates behind it"
            )
        if name != WINDOW and not set(variable.windows) <= set(aggregates[name].windows):
            raise FaultyDictionaryError(f"{variable.name}: {name} has fewer windows")
    if not variable.published:
        return
    if not re.fullmatch(r"bigint|boolean|decimal\(\d+,\d+\)", variable.data_type):
        raise FaultyDictionaryError(f"{variable.name}: not a type of the book: {variable.data_type!r}")
    if variable.empty not in {"0", "null"}:
        raise FaultyDictionaryError(f"{variable.name}: empty is 0 or null, not {variable.empty!r}")
    longest = max(len(described(variable, months)) for _, months in variable.columns)
    if longest > LONGEST_COMMENT:
        raise FaultyDictionaryError(
            f"{variable.name}: its comment has {longest} characters; Glue keeps {LONGEST_COMMENT}"
        )


def described(variable: Variable, months: int | None) -> str:
    """The comment of a column: the meaning, the unit and the window."""
    window = {None: "", 1: " Invoices of the reference month."}.get(months, f" Invoices of {months} months.")
    return f"{variable.meaning} [{variable.unit}]{window}"
