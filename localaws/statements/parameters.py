"""Execution parameters: each `?` of a statement stands for one of them, in order."""

from sqlglot.tokenizer_core import TokenType

from localaws.statements.errors import MalformedStatementError
from localaws.statements.reader import tokenize


def bind(text: str, parameters: tuple[str, ...]) -> str:
    """The statement with its `?` filled in. Raises MalformedStatementError when the counts differ."""
    marks = [token for token in tokenize(text, hive=False) if token.type is TokenType.PLACEHOLDER]
    if len(marks) != len(parameters):
        raise MalformedStatementError(
            f"Incorrect number of parameters: expected {len(marks)} but found {len(parameters)}",
        )
    pieces, position = [], 0
    for mark, value in zip(marks, parameters, strict=True):
        pieces += [text[position : mark.start], value]
        position = mark.end
    return "".join([*pieces, text[position:]])
