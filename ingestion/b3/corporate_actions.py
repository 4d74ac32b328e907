"""Corporate actions of a company, to raw rows: one for each action, as texts.

There are two answers: all cash dividends there ever were (`results`), and the company's supplement, with its
latest cash dividends, stock dividends and subscriptions.
"""

import re
from collections.abc import Iterator
from typing import Any

from ingestion.b3.answers import ASK_AGAIN, Record, content, paged, read_json, row, schema, texts, write
from ingestion.b3.forms import language
from ingestion.entity import Entity, Envelope, RowOrigin
from ingestion.expected import raw_table, sources_of
from ingestion.parts import PartWriter
from ingestion.refusal import Refusal
from ingestion.text import Text

TABLE = raw_table("b3_corporate_actions", sources_of("b3"), marked=False)
COLUMNS = schema(TABLE)
CALLED = "…_<company>….json, such as CashDividends_ABEV.json"
# the lists of an answer, and what a record in them has to have
SECTIONS = {
    "results": ("typestock", "corporateaction", "lastdatepriorex", "valuecash"),
    "cashDividends": ("isincode", "label", "lastdateprior", "rate"),
    "stockDividends": ("isincode", "label", "lastdateprior", "factor"),
    "subscriptions": ("isincode", "label", "lastdateprior", "percentage", "priceunit"),
}
NUMBERS = (
    "valuecash",
    "closingpricepriorexdate",
    "corporateactionprice",
    "rate",
    "factor",
    "percentage",
    "priceunit",
)
_NAME = re.compile(r"_(?P<code>[A-Z][A-Z0-9]{3})(?![A-Za-z0-9])")


def read(text: Text, parts: PartWriter[int], origin: RowOrigin) -> Envelope:
    """Write the actions of an answer to `parts`; a company may have none.

    Raises Refusal when the answer is not whole, or when neither it nor the file's name tells the company.
    """
    answer = read_json(content(text))
    named = _NAME.search(origin.file_name)
    company, rows = _supplement(answer) if _is_supplement(answer) else (None, list(_results(answer)))
    if not company and not named:
        detail = (
            f"{origin.file_name} tells no company, and neither does the answer; files are called {CALLED}."
        )
        raise Refusal("unknown_name", detail, "Give it the name of its company, and land it again.")
    form = language((one.get(name) for one in rows for name in NUMBERS), otherwise="pt-br")
    by_name = None if company or not named else named["code"]
    malformed = write(parts, COLUMNS, rows, {"company": company or by_name, "language": form}, origin)
    return Envelope(None, None, len(rows), malformed, by_name)


def _is_supplement(answer: Any) -> bool:
    return isinstance(answer, list) and not any(isinstance(one, dict) and "results" in one for one in answer)


def _supplement(answer: list[Any]) -> tuple[str | None, list[Record]]:
    """The company's code and the actions of its lists. Raises Refusal."""
    if not answer:
        detail = "The answer is an empty list: B3 knows no such company."
        raise Refusal("unknown_to_b3", detail, "Look whether the code is right, and ask again.")
    sections = [name for name in SECTIONS if name != "results"]
    company = answer[0] if len(answer) == 1 and isinstance(answer[0], dict) else {}
    lists = [company.get(name, "missing") or [] for name in sections]
    if not str(company.get("tradingName") or "").strip() or not all(isinstance(one, list) for one in lists):
        detail = f"It is no answer about one company, with its tradingName and {', '.join(sections)}."
        raise Refusal("not_an_answer", detail, ASK_AGAIN)
    rows = [one for name, found in zip(sections, lists, strict=True) for one in _section(name, found)]
    return texts(company).get("code"), rows


def _results(answer: Any) -> Iterator[Record]:
    return _section("results", paged(answer, "it knows no such company").records)


def _section(name: str, records: list[Any]) -> Iterator[Record]:
    for record in records:
        yield {**row(record, SECTIONS[name], COLUMNS.names), "section": name}


ENTITY = Entity(
    domain="b3",
    name="corporate_actions",
    table=TABLE.name,
    description=TABLE.description,
    columns=COLUMNS,
    plain_columns=("line_number",),
    read=read,
)
