"""Partitions read in segments: Trino asks for five at once and joins them."""

from localaws.catalog.call import Answer, Call, Layers, Next


def get_partitions(call: Call, following: Next) -> Answer:
    """Give a segment its share of the partitions and no other's."""
    answer = following(call)
    segment = call.payload.get("Segment")
    if not answer.ok or not segment:
        return answer
    number, total = segment["SegmentNumber"], segment["TotalSegments"]
    return Answer(200, {**answer.body, "Partitions": answer.body["Partitions"][number::total]})


LAYERS: Layers = {"GetPartitions": get_partitions}
