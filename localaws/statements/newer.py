"""What this Trino has and Athena engine version 3 has not: a list, `newer_than_athena.csv`, with its sources.

AWS does not say which Trino Athena is at. The list has what came with Trino 431 and later, by its release
notes: a statement that works here has to work there.
"""

import csv
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from localaws.statements.errors import MalformedStatementError, StatementError
from localaws.statements.reader import Lexeme, Reader, position

# A parenthesis behind a name that follows one of these holds columns, not arguments.
_DEFINING = ("AS", "INTO", "TABLE", "VIEW", "WITH", "EXISTS")
# sqlglot says here that it reads a statement in part, which is no concern of a user's.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Syntax:
    """Words that newer Trino reads as a clause, unless one of these tokens follows."""

    words: tuple[str, ...]
    unless_next: frozenset[str]


def _listed(what: str) -> Iterator[dict[str, str]]:
    with Path(__file__).with_name("newer_than_athena.csv").open(newline="") as file:
        yield from (row for row in csv.DictReader(file) if row["what"] == what)


_FUNCTIONS = frozenset(row["words"] for row in _listed("function"))
_SYNTAX = tuple(
    Syntax(tuple(row["words"].upper().split()), frozenset(row["unless_next"].upper().split()))
    for row in _listed("syntax")
)
_BY_FIRST_WORD = {
    first: [syntax for syntax in _SYNTAX if syntax.words[0] == first]
    for first in {syntax.words[0] for syntax in _SYNTAX}
}


def refuse_syntax(reader: Reader) -> None:
    """Raises MalformedStatementError, as for any text that is no statement of Athena's."""
    words = [*("" if token.quoted else token.text.upper() for token in reader.lexemes), ""]
    for at, word in enumerate(words):
        # A large INSERT has a hundred thousand tokens, of which hardly any is worth a second look.
        for syntax in _BY_FIRST_WORD.get(word, ()):
            end = at + len(syntax.words)
            if tuple(words[at:end]) == syntax.words and words[end] not in syntax.unless_next:
                token = reader.lexemes[end - 1]
                line, column = position(reader.text, token.start)
                raise MalformedStatementError(f"line {line}:{column}: mismatched input '{token.text}'")


def refuse_windows(reader: Reader) -> StatementError | None:
    """Athena's error for what it does not do over a window: DISTINCT, and LISTAGG at all.

    Raises MalformedStatementError for the latter, which its grammar does not have.
    """
    tokens = reader.lexemes
    words = ["" if token.quoted else token.text.upper() for token in tokens]
    if "OVER" not in words:
        return None
    for at, word in enumerate(words[:-1]):
        distinct = word == "(" and words[at + 1] == "DISTINCT"
        listagg = word == "LISTAGG" and words[at + 1] == "("
        if not distinct and not listagg:
            continue
        over = _after_call(words, at if distinct else at + 1)
        if words[over : over + 1] != ["OVER"]:
            continue
        token = tokens[at - 1] if distinct else tokens[over]
        line, column = position(reader.text, token.start)
        if listagg:
            raise MalformedStatementError(f"line {line}:{column}: mismatched input '{token.text}'")
        shown = reader.text[token.start : tokens[over - 1].end]
        message = f"DISTINCT in window function parameters not yet supported: {shown}"
        return StatementError("NOT_SUPPORTED", f"line {line}:{column}: {message}")
    return None


def _after_call(words: list[str], opening: int) -> int:
    """What follows a call: behind its parentheses and those of WITHIN GROUP and FILTER."""
    at = opening
    while words[at : at + 1] == ["("]:
        depth = 0
        while at < len(words):
            depth += (words[at] == "(") - (words[at] == ")")
            at += 1
            if depth == 0:
                break
        if words[at : at + 2] == ["WITHIN", "GROUP"]:
            at += 2
        elif words[at : at + 1] == ["FILTER"]:
            at += 1
    return at


def unknown_function(reader: Reader) -> StatementError | None:
    """Athena's error for the first function that it does not know, if there is one."""
    calls = [token for token in _calls(reader.lexemes) if token.text.lower() in _FUNCTIONS]
    if not calls:
        return None
    called = _called(reader.text)
    for token in calls:
        name = token.text.lower()
        if called is None or name in called:
            line, column = position(reader.text, token.start)
            return StatementError(
                "FUNCTION_NOT_FOUND", f"line {line}:{column}: Function '{name}' not registered"
            )
    return None


def _calls(tokens: list[Lexeme]) -> Iterator[Lexeme]:
    before = ""
    for token, after in pairwise(tokens):
        if not token.quoted and after.text == "(" and before not in _DEFINING:
            yield token
        before = "" if token.quoted else token.text.upper()


def _called(text: str) -> set[str] | None:
    """The functions that are called, names with columns behind left out; None where sqlglot cannot tell."""
    try:
        tree = sqlglot.parse_one(text, dialect="trino")
    except SqlglotError:
        return None
    if isinstance(tree, exp.Command):
        return None
    return {name.lower() for call in tree.find_all(exp.Func) for name in _names(call)}


def _names(call: exp.Func) -> list[str]:
    if isinstance(call, exp.Anonymous):
        return [call.name]
    return ["json_table"] if isinstance(call, exp.JSONTable) else call.sql_names()
