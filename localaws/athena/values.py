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
        return _map(formatter(inner[0]), formatter(inner[1]))
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
    shown = "".join(map(str, digits))
    power = int(exponent) + len(shown) - 1
    return f"{'-' if sign else ''}{shown[0]}.{shown[1:] or '0'}E{power}"


def _plain(text: str) -> str:
    shown = format(Decimal(text), "f")
    return shown if "." in shown else f"{shown}.0"


def _boolean(value: bool) -> str:
    return "true" if value else "false"


def _timestamp(value: str) -> str:
    """Milliseconds, always three digits."""
    moment, _, zone = value.partition(" ")[2].partition(" ")
    day = value.partition(" ")[0]
    whole, _, fraction = moment.partition(".")
    shown = f"{day} {whole}.{fraction[:3].ljust(3, '0')}"
    return f"{shown} {zone}" if zone else shown


def _time(value: str) -> str:
    whole, _, fraction = value.partition(".")
    digits = fraction[: len(fraction) - len(fraction.lstrip("0123456789"))]
    zone = fraction[len(digits) :]
    return f"{whole}.{digits[:3].ljust(3, '0')}{zone}"


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
