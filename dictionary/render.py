"""What the dictionary generates, as text: the macro that lists the variables, and the yml of the book."""

import json

from dictionary.variables import Kind, Variable, described

MACRO = "macros/cards_variables.sql"
BOOK = "models/refined/cards/_cards_invoice_book__models.yml"
_ORIGIN = "Generated from seeds/cards/cards_variables.csv by `python -m dictionary`: change it there."

_HEAD = f"""\
# {_ORIGIN}
models:
  - name: cards_invoice_book
    description: >
      One row per customer and month (safra): what the customer's invoices and payments say at the end of
      the month, in windows of 1, 3, 6, 9 and 12 calendar months, the reference month included, and over
      the whole relationship. A customer is in the book from the month of the first invoice on, for as
      long as one invoice lies in the last 12 months. A row knows nothing after `dt_referencia`: neither
      payments nor invoices. Counts and sums are 0 where a window has no invoice, means and ratios null; a
      ratio is null where its denominator is 0. What each variable is computed from is in
      `cards_variables`. A load rewrites the safras from the first month on that it touches.
    data_tests:
      - primary_key:
          arguments:
            columns: [dt_referencia, id_cliente]
            latest: ref('cards_fact_months')
"""

_LEADING = (
    ("safra", "integer", "Month of the row, YYYYMM."),
    ("dt_referencia", "date", "Last day of the month: nothing after it is known to the row."),
    ("id_cliente", "varchar", "Customer."),
    ("nr_carga", "bigint", "Number of the latest load that touched a fact of this month or one before."),
    (
        "qt_correcoes",
        "bigint",
        "Corrections of the relationship up to dt_referencia, where the fact was and where it is now.",
    ),
    (
        "ts_fato_mais_recente",
        "timestamp(6)",
        "When the latest landed of the facts of the relationship and their corrections was landed, UTC.",
    ),
)


def generated(variables: list[Variable]) -> dict[str, str]:
    """Text of each generated file, by its path in the project."""
    return {MACRO: macro(variables), BOOK: book(variables)}


def macro(variables: list[Variable]) -> str:
    """The macro `cards_variables`, which returns the dictionary to the macros that render it."""
    lines = [f"{{#- {_ORIGIN} -#}}", "{% macro cards_variables() -%}", "    {{ return(["]
    lines += [f"        {json.dumps(_entry(one), ensure_ascii=False)}," for one in variables]
    lines += ["    ]) }}", "{%- endmacro %}", ""]
    return "\n".join(lines)


def _entry(variable: Variable) -> dict[str, object]:
    return {
        "name": variable.name,
        "kind": str(variable.kind),
        "formula": variable.formula,
        "function": variable.function,
        "arguments": list(variable.arguments),
        "windows": list(variable.windows),
        "type": variable.data_type,
        "unit": variable.unit,
        "empty": variable.empty,
        "published": int(variable.published),
    }


def book(variables: list[Variable]) -> str:
    """The yml of the book: its description, its tests and every column."""
    lines = [_HEAD.rstrip("\n"), *_consistency(variables), "    columns:"]
    for name, data_type, description in _LEADING:
        lines += _column(name, data_type, description)
    for variable in variables:
        for name, months in variable.columns if variable.published else ():
            lines += _column(name, variable.data_type, described(variable, months))
    return "\n".join(lines) + "\n"


def _column(name: str, data_type: str, description: str) -> list[str]:
    return [
        f"      - name: {name}",
        f"        description: {json.dumps(description, ensure_ascii=False)}",
        f"        data_type: {data_type}",
    ]


def _consistency(variables: list[Variable]) -> list[str]:
    """Tests of what holds for every row: 0 is never null, and a longer window holds the shorter ones."""
    never_null = [
        name
        for variable in variables
        if variable.published and variable.empty == "0"
        for name, _ in variable.columns
    ]
    growing = [
        one
        for one in variables
        if one.published and one.kind is Kind.AGGREGATE and one.formula.startswith(("count", "sum"))
    ]
    nested = [
        f"{shorter} <= {longer}"
        for variable in growing
        for (shorter, _), (longer, _) in zip(variable.columns, variable.columns[1:], strict=False)
    ]
    return [
        *_holds(
            "cards_invoice_book_counts_and_sums_are_never_null",
            [f"{name} is not null" for name in never_null],
        ),
        *_holds("cards_invoice_book_windows_hold_the_shorter_ones", nested),
    ]


def _holds(name: str, expressions: list[str]) -> list[str]:
    return [
        "      - holds:",
        f"          name: {name}",
        "          arguments:",
        "            expression: >-",
        *[
            f"              {'and ' if place else ''}{expression}"
            for place, expression in enumerate(expressions)
        ],
        "            latest: ref('cards_fact_months')",
    ]
