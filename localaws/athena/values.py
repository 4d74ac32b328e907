"""Trino's JSON values → the text that Athena gives for them."""

import base64
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

Formatter = Callable[[Any], str]


def formatter(signature: dict[str, Any]) -> Formatter:
    """The function that writes values of this type, null apart."""
    kind = signature["rawType"]
    if kind in _SCALARS:
        return _SCALARS[kind]
    inner = [argument["value"] for argument in signature["arguments"]]
    if kind == "array":
        return _array(formatter(inner[0]))
    if kind == "map":
        # Keys are text already in JSON, but for what Athena writes in a way of its own.
        return _map(formatter(inner[0]) if inner[0]["rawType"] in _OWN_TEXT else str, formatter(inner[1]))
    if kind == "row":
        return _row([(_field_name(field), formatter(field["typeSignature"])) for field in inner])
    return str


def java_double(value: float | str) -> str:
    """A double as Java's Double.toString writes it; NaN and the infinities come as text."""
    if isinstance(value, str):
        return value
    text = repr(float(value))
    magnitude = abs(float(value))
    if magnitude == 0 or 1e-3 <= magnitude < 1e7:
        return text if "e" not in text else _plain(text)
    sign, digits, exponent = Decimal(text).normalize().as_tuple()
    if len(digits) == 1:
        # Java gives two digits at least, the nearest ones.
        nearest, _, power = f"{value:.1e}".partition("e")
        return f"{nearest}E{int(power)}"
    shown = "".join(map(str, digits))
    return f"{'-' if sign else ''}{shown[0]}.{shown[1:]}E{int(exponent) + len(shown) - 1}"


def _plain(text: str) -> str:
    shown = format(Decimal(text), "f")
    return shown if "." in shown else f"{shown}.0"


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _timestamp(value: str) -> str:
    """`2024-01-02 03:04:05.678`, with a zone behind it or not: milliseconds at least."""
    day, moment, *zone = value.split(" ", 2)
    return " ".join([day, _milliseconds(moment), *zone])


def _time(value: str) -> str:
    """`03:04:05.678`, with an offset behind it or not."""
    offset = max(value.rfind("+"), value.rfind("-"))
    return _milliseconds(value) if offset < 0 else _milliseconds(value[:offset]) + value[offset:]


def _milliseconds(moment: str) -> str:
    whole, _, fraction = moment.partition(".")
    return f"{whole}.{fraction.ljust(3, '0')}"


def _varbinary(value: str) -> str:
    return base64.b64decode(value).hex(" ")


def _field_name(field: dict[str, Any]) -> str:
    named = field.get("fieldName")
    return named["name"] if named else ""


def _text(value: Any, write: Formatter) -> str:
    return "null" if value is None else write(value)


def _array(write: Formatter) -> Formatter:
    return lambda values: "[" + ", ".join(_text(value, write) for value in values) + "]"


def _map(key: Formatter, write: Formatter) -> Formatter:
    def text(values: dict[Any, Any]) -> str:
        return "{" + ", ".join(f"{key(name)}={_text(value, write)}" for name, value in values.items()) + "}"

    return text


def _row(fields: list[tuple[str, Formatter]]) -> Formatter:
    def text(values: list[Any]) -> str:
        pairs = zip(fields, values, strict=True)
        named = (
            f"{name or f'field{at}'}={_text(value, write)}" for at, ((name, write), value) in enumerate(pairs)
        )
        return "{" + ", ".join(named) + "}"

    return text


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_OWN_TEXT = {"timestamp", "timestamp with time zone", "time", "time with time zone"}
_SCALARS: dict[str, Formatter] = {
    "boolean": _boolean,
    "double": java_double,
    "real": java_double,
    "timestamp": _timestamp,
    "timestamp with time zone": _timestamp,
    "time": _time,
    "time with time zone": _time,
    "varbinary": _varbinary,
    "json": _json,
}
