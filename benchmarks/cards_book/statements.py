# ruff: noqa: S608 (statements are made from the project's own)
"""The contenders' statements: made from the model's own, as dbt compiled it, so that all compute the same."""

from sqlglot import exp, parse_one

from dictionary.variables import Kind, Variable

DIALECT = "trino"
STATE = "cards_customer_months"
KEY = ("safra", "id_cliente")
LONGEST = 12


def ours(compiled: str) -> str:
    """The model as it is: every variable, those of the running state among them."""
    return compiled


def bare(compiled: str) -> str:
    """One conditional aggregation: the same scan and grouping, and no state to join."""
    return _with(compiled, [_cte(compiled, "windows")])


def peers(compiled: str, variables: list[Variable]) -> str:
    """A grouping per window, joined: what peers do, here with the same definitions and the same variables."""
    aggregates = [one for one in variables if one.kind is Kind.AGGREGATE]
    months = sorted({months for one in aggregates for months in one.windows})
    groupings = [_grouping(one, aggregates) for one in months]
    columns = [f"u{LONGEST}m.safra", f"u{LONGEST}m.id_cliente"]
    for one in aggregates:
        for window in one.windows:
            name = f"u{window}m.{one.name}_u{window}m"
            count = one.formula.startswith("count")
            columns.append(f"coalesce({name}, 0) as {one.name}_u{window}m" if count else name)
    joins = " ".join(
        f"left join u{one}m on " + " and ".join(f"u{LONGEST}m.{key} = u{one}m.{key}" for key in KEY)
        for one in months
        if one != LONGEST
    )
    joined = f"windows as (select {', '.join(columns)} from u{LONGEST}m {joins})"
    return _with(compiled, [*groupings, joined])


def _grouping(months: int, aggregates: list[Variable]) -> str:
    columns = ", ".join(
        f"{one.formula} as {one.name}_u{months}m" for one in aggregates if months in one.windows
    )
    return (
        f"u{months}m as (select safra, id_cliente, {columns} from invoice_status"
        f" where qt_meses_desde_emissao < {months} group by safra, id_cliente)"
    )


def _with(compiled: str, groupings: list[str]) -> str:
    """The model's own CTEs up to an invoice's status, these, and the columns that come from the windows."""
    parsed = _parsed(compiled)
    head = []
    for cte in parsed.ctes:
        if cte.alias == "windows":
            break
        if cte.alias != STATE:
            head.append(cte.sql(DIALECT))
    columns = [
        one.sql(DIALECT)
        for one in _select(parsed, "latest").expressions
        if not any(column.table == STATE for column in one.find_all(exp.Column))
    ]
    return (
        f"with {', '.join([*head, *groupings])} select safra, id_cliente, {', '.join(columns)} from windows"
    )


def _cte(compiled: str, name: str) -> str:
    parsed = _parsed(compiled)
    return str(next(cte for cte in parsed.ctes if cte.alias == name).sql(DIALECT))


def _parsed(compiled: str) -> exp.Select:
    found = parse_one(compiled, read=DIALECT)
    if not isinstance(found, exp.Select):
        raise TypeError("The model is no select.")
    return found


def _select(parsed: exp.Select, name: str) -> exp.Select:
    found = next(cte for cte in parsed.ctes if cte.alias == name).this
    if not isinstance(found, exp.Select):
        raise TypeError(f"{name} is no select")
    return found
