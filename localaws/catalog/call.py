"""A Glue operation on its way to moto, and the layers it passes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One operation of AWS Glue (`GetTable`) with its request, in a region."""

    operation: str
    payload: dict[str, Any]
    region: str

    def other(self, operation: str, payload: dict[str, Any]) -> "Call":
        """Another call, by the same client."""
        return replace(self, operation=operation, payload=payload)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status and JSON body as AWS would send them."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status == 200


Next = Callable[[Call], Answer]
Layer = Callable[[Call, Next], Answer]
Layers = Mapping[str, Layer]

EMPTY = Answer(200, {})


def refusal(code: str, message: str) -> Answer:
    """AWS's error answer, with Glue's own code."""
    return Answer(400, {"__type": code, "Message": message, "message": message})


def stacked(layers: list[Layers], bottom: Next) -> Next:
    """One function that takes a call through all layers that know its operation, down to the bottom."""

    def answer_from(position: int, call: Call) -> Answer:
        for index in range(position, len(layers)):
            layer = layers[index].get(call.operation)
            if layer is not None:
                return layer(call, partial(answer_from, index + 1))
        return bottom(call)

    return partial(answer_from, 0)
