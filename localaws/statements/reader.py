"""A cursor over sqlglot's tokens, for the statements that sqlglot's own parser does not read.

sqlglot reads `CREATE TABLE` and `ALTER TABLE` in part and takes the rest for an opaque command (partitions in
`ADD PARTITION`, escapes in `ROW FORMAT`, `SHOW`, `MSCK`, `UNLOAD`, …). So these are read here, from its
tokens; the types inside them are left to its parser again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from sqlglot.dialects.hive import Hive
from sqlglot.dialects.trino import Trino
from sqlglot.errors import TokenError
from sqlglot.tokenizer_core import Token, TokenType

from localaws.statements.errors import MalformedStatementError, UnsupportedStatementError
from localaws.statements.model import Properties, TableName, Value
from localaws.statements.types import hive_type

T = TypeVar("T")


class HiveTokens(Hive.Tokenizer):
    """Hive's tokens, also those behind a word that sqlglot would take for an opaque command."""

    COMMANDS: ClassVar[set[TokenType]] = set()


class TrinoTokens(Trino.Tokenizer):
    """Trino's tokens, likewise."""

    COMMANDS: ClassVar[set[TokenType]] = set()


@dataclass(frozen=True, slots=True)
class Lexeme:
    """A token and where it is in the text: from `start` to before `end`."""

    text: str
    type: TokenType
    start: int
    end: int

    @property
    def quoted(self) -> bool:
        return self.type in (TokenType.IDENTIFIER, TokenType.STRING)


def tokenize(text: str, *, hive: bool) -> list[Lexeme]:
    """The tokens of a statement. Keywords of several words (`PARTITIONED BY`) come as several tokens."""
    try:
        # A tokenizer keeps the text it is at: one for each call, as statements come from many threads.
        tokens = (HiveTokens(Hive()) if hive else TrinoTokens(Trino())).tokenize(text)
    except TokenError as error:
        raise MalformedStatementError(f"line 1:1: {error}") from error
    return [lexeme for token in tokens for lexeme in _split(token, text)]


def _split(token: Token, text: str) -> list[Lexeme]:
    start, end = token.start, token.end + 1
    words = text[start:end].split()
    if token.token_type in (TokenType.STRING, TokenType.IDENTIFIER) or len(words) == 1:
        return [Lexeme(token.text, token.token_type, start, end)]
    lexemes = []
    for word in words:
        start = text.index(word, start)
        lexemes.append(Lexeme(word, TokenType.VAR, start, start + len(word)))
        start += len(word)
    return lexemes


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a place in the text, both from 1."""
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


class Reader:
    """Reads a statement from left to right. Keywords match in any case; a quoted name is never a keyword."""

    def __init__(self, text: str, *, hive: bool) -> None:
        tokens = tokenize(text, hive=hive)
        while tokens and tokens[-1].type is TokenType.SEMICOLON:
            tokens.pop()
        self.text = text[: tokens[-1].end] if tokens else ""
        self._tokens = tokens
        self._next = 0
        self._hive = hive

    @property
    def lexemes(self) -> list[Lexeme]:
        """All of the statement's tokens."""
        return self._tokens

    def several(self) -> bool:
        """Whether the text holds more than one statement."""
        return any(token.type is TokenType.SEMICOLON for token in self._tokens)

    def has(self, word: str) -> bool:
        """Whether this keyword stands anywhere in the statement."""
        return any(not token.quoted and token.text.upper() == word for token in self._tokens)

    @property
    def current(self) -> Lexeme | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def at(self, *words: str) -> bool:
        """Whether these words come next."""
        ahead = self._tokens[self._next : self._next + len(words)]
        return len(ahead) == len(words) and all(
            not token.quoted and token.text.upper() == word for token, word in zip(ahead, words, strict=True)
        )

    def take(self, *words: str) -> bool:
        """Read these words if they come next."""
        found = self.at(*words)
        if found:
            self._next += len(words)
        return found

    def expect(self, *words: str) -> None:
        if not self.take(*words):
            raise self.mismatch(f"'{' '.join(words)}'")

    def done(self) -> None:
        """Nothing may follow."""
        if self.current is not None:
            raise self.mismatch("<EOF>")

    def advance(self) -> Lexeme:
        token = self.current
        if token is None:
            raise self.mismatch("more input")
        self._next += 1
        return token

    def mismatch(self, expected: str) -> MalformedStatementError:
        token = self.current
        if token is None:
            line, column = position(self.text, len(self.text))
            return MalformedStatementError(
                f"line {line}:{column}: mismatched input '<EOF>'. Expecting: {expected}"
            )
        line, column = position(self.text, token.start)
        seen = self.text[token.start : token.end]
        return MalformedStatementError(
            f"line {line}:{column}: mismatched input '{seen}'. Expecting: {expected}"
        )

    def name(self) -> str:
        """An identifier, bare or quoted as the reader's dialect quotes, in lower case."""
        token = self.current
        if token is not None and self._hive and self.text[token.start] == '"':
            # Athena's answer to a name between double quotes in the statements that Hive reads.
            raise UnsupportedStatementError
        if token is not None and not self._hive and token.text == "`":
            line, column = self.place()
            raise MalformedStatementError(
                f"line {line}:{column}: backquoted identifiers are not supported; "
                "use double quotes to quote identifiers"
            )
        bare = token is not None and (token.text[:1].isalnum() or token.text[:1] == "_")
        if token is None or token.type in (TokenType.STRING, TokenType.NUMBER) or not (token.quoted or bare):
            raise self.mismatch("<identifier>")
        self._next += 1
        return token.text.lower()

    def table(self) -> TableName:
        parts = [self.name()]
        while self.take("."):
            parts.append(self.name())
        if len(parts) > 3:
            raise self.mismatch("a name of at most three parts")
        return TableName(*reversed(parts))

    def string(self) -> str:
        """A string; strings that stand side by side are one, as in Hive."""
        token = self.current
        if token is None or token.type is not TokenType.STRING:
            raise self.mismatch("<string>")
        parts = []
        while self.current is not None and self.current.type is TokenType.STRING:
            parts.append(self.advance().text)
        return "".join(parts)

    def number(self) -> int:
        token = self.current
        if token is None or token.type is not TokenType.NUMBER or not token.text.isdigit():
            raise self.mismatch("<integer>")
        return int(self.advance().text)

    def listed(self, item: Callable[[], T]) -> tuple[T, ...]:
        """`(item, item, …)`"""
        self.expect("(")
        items = [item()]
        while self.take(","):
            items.append(item())
        self.expect(")")
        return tuple(items)

    def string_properties(self) -> dict[str, str]:
        """`('key' = 'value', …)`"""
        return dict(self.listed(self._string_property))

    def _string_property(self) -> tuple[str, str]:
        key = self.string()
        self.expect("=")
        return key, self.string()

    def properties(self) -> Properties:
        """`(key = value, …)`, Trino's way."""
        return dict(self.listed(self._property))

    def _property(self) -> tuple[str, Value]:
        key = self.name()
        self.expect("=")
        return key, self.value()

    def value(self) -> Value:
        """A literal: string, number, boolean, null or `ARRAY[…]`."""
        token = self.current
        if token is not None and token.type is TokenType.STRING:
            return self.string()
        if self.take("ARRAY"):
            return self._array()
        for word, constant in (("TRUE", True), ("FALSE", False), ("NULL", None)):
            if self.take(word):
                return constant
        negative = self.take("-")
        if token is None or (number := self.current) is None or number.type is not TokenType.NUMBER:
            raise self.mismatch("<literal>")
        self._next += 1
        found = float(number.text) if not number.text.isdigit() else int(number.text)
        return -found if negative else found

    def _array(self) -> Value:
        self.expect("[")
        if self.take("]"):
            return ()
        items = [self.value()]
        while self.take(","):
            items.append(self.value())
        self.expect("]")
        return tuple(items)

    def drop_end(self, *words: str) -> bool:
        """Take these words off the statement's end if they are there."""
        last = [token.text.upper() for token in self._tokens[-len(words) :] if not token.quoted]
        found = last == list(words) and self._next <= len(self._tokens) - len(words)
        if found:
            del self._tokens[-len(words) :]
        return found

    def rest(self) -> str:
        """The text from here to the end."""
        token = self.current
        if token is None:
            raise self.mismatch("a query")
        self._next = len(self._tokens)
        return self.text[token.start : self._tokens[-1].end]

    def place(self) -> tuple[int, int]:
        """Line and column of the next token."""
        token = self.current
        if token is None:
            raise self.mismatch("a query")
        return position(self.text, token.start)

    def parenthesized(self) -> str:
        """The text between the parenthesis that comes next and its match."""
        self.expect("(")
        start, depth = self._tokens[self._next - 1].end, 1
        while depth:
            token = self.advance()
            if token.type is TokenType.L_PAREN:
                depth += 1
            elif token.type is TokenType.R_PAREN:
                depth -= 1
        return self.text[start : token.start]

    def type(self, *stops: str) -> str:
        """A column's type in Hive's words, up to one of these words."""
        line, column = self.place()
        try:
            return hive_type(self.until(*stops))
        except MalformedStatementError as error:
            raise MalformedStatementError(f"line {line}:{column}: {error.message}") from error

    def until(self, *stops: str) -> str:
        """The text up to a comma, a closing parenthesis or one of these words, outside of any bracket."""
        first = self.current
        depth = 0
        opening, closing = {"(", "<", "["}, {")", ">", "]"}
        while (token := self.current) is not None:
            if depth == 0 and not token.quoted and token.text.upper() in {",", ")", *stops}:
                break
            depth += 0 if token.quoted else sum((c in opening) - (c in closing) for c in token.text)
            self._next += 1
        if first is None or token is first:
            raise self.mismatch("<type>")
        return self.text[first.start : self._tokens[self._next - 1].end]
