"""How numbers and dates are written in an answer: as in Portuguese, which is asked for, or as in English."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

Language = Literal["pt-br", "en-us"]

EXPONENT = re.compile(r"[eE][+-]?[0-9]+$")
GROUPS = {
    ",": re.compile(r"-?[1-9][0-9]{0,2}(,[0-9]{3})+"),
    ".": re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+"),
}
DATES: dict[Language, tuple[str, ...]] = {
    "pt-br": ("%d/%m/%y", "%d/%m/%Y"),
    "en-us": ("%m/%d/%y", "%m/%d/%Y"),
}


def language(texts: Iterable[str | None], otherwise: Language) -> Language:
    """The language that most of the numbers show; a number that may be either (1,234) shows none."""
    votes = [mark for text in texts if text and (mark := _decimal_mark(text))]
    commas = votes.count(",")
    if 2 * commas == len(votes):
        return otherwise
    return "pt-br" if 2 * commas > len(votes) else "en-us"


def _decimal_mark(text: str) -> str | None:
    """The decimal mark of a number, where the number alone tells it."""
    number = EXPONENT.sub("", text.strip())
    comma, point = number.rfind(","), number.rfind(".")
    if comma < 0 and point < 0:
        return None
    mark, other = (",", ".") if comma > point else (".", ",")
    if other in number:
        return mark
    if not GROUPS[mark].fullmatch(number):
        return mark
    return None if number.count(mark) == 1 else other


def day(text: str, written_in: Language) -> date | None:
    """The date that a text of an answer means; None when it means none."""
    for form in DATES[written_in]:
        try:
            return datetime.strptime(text.strip(), form).date()
        except ValueError:
            continue
    return None
