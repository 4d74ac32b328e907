"""Partitions by an expression, and read in segments: Trino asks for five at once and joins them."""

from typing import Any

from localaws.catalog.call import Answer, Call, Layers, Next, refusal
from localaws.catalog.partition_filter import UnsupportedExpressionError, partition_filter


def get_partitions(call: Call, following: Next) -> Answer:
    """Give those that the expression names, and of them a segment its share and no other's."""
    expression = (call.payload.get("Expression") or "").strip()
    everything = {name: value for name, value in call.payload.items() if name != "Expression"}
    answer = following(call.other(call.operation, everything))
    if not answer.ok:
        return answer
    found = answer.body["Partitions"]
    if expression:
        try:
            found = _named(found, expression, _keys(call, following))
        except UnsupportedExpressionError as error:
            return refusal("InvalidInputException", str(error))
    segment = call.payload.get("Segment")
    if segment:
        found = found[segment["SegmentNumber"] :: segment["TotalSegments"]]
    return Answer(200, {**answer.body, "Partitions": found})


def _named(
    partitions: list[dict[str, Any]], expression: str, keys: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    condition = partition_filter(expression, keys)
    names = [key["Name"].lower() for key in keys]
    return [each for each in partitions if condition.takes(dict(zip(names, each["Values"], strict=False)))]


def _keys(call: Call, following: Next) -> list[dict[str, Any]]:
    request = {"DatabaseName": call.payload["DatabaseName"], "Name": call.payload["TableName"]}
    keys: list[dict[str, Any]] = following(call.other("GetTable", request)).body["Table"]["PartitionKeys"]
    return keys


LAYERS: Layers = {"GetPartitions": get_partitions}
