"""An object's content from its file, whole or a part of it, without reading more than is sent.

Trino reads Parquet in parts, footers first. What an answer says beside its body, and whether there is one, is
moto's to say.
"""

from collections.abc import Iterator
from typing import BinaryIO

from werkzeug.datastructures import Headers
from werkzeug.http import parse_range_header

from localaws.storage.stored import CHUNK_BYTES, StoredKey

REFUSAL = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>InvalidRange</Code>'
    "<Message>The requested range is not satisfiable</Message>"
    "<ActualObjectSize>{size}</ActualObjectSize><RangeRequested>{asked}</RangeRequested></Error>"
)

Response = tuple[str, list[tuple[str, str]], Iterator[bytes]]


def delivered(key: StoredKey, headers: Headers, asked: str) -> Response:
    """The answer to a GET of this object; `asked` is its Range header. Raises BodyGoneError."""
    size = key.contentsize
    part = _part(asked, size)
    if part is None and _is_one_range(asked):
        content = REFUSAL.format(size=size, asked=asked).encode()
        described = [("Content-Type", "application/xml"), ("Content-Length", str(len(content)))]
        return "416 Requested Range Not Satisfiable", described, iter([content])
    begin, end = part or (0, size)
    if end - begin < size:
        # The checksum is the whole object's.
        for name in [name for name, _ in headers if name.lower().startswith("x-amz-checksum-")]:
            del headers[name]
    headers["Content-Length"] = str(end - begin)
    if part is None:
        return "200 OK", list(headers), _read(key._value_buffer.read(), 0, size)
    headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    return "206 Partial Content", list(headers), _read(key._value_buffer.read(), begin, end)


def _is_one_range(asked: str) -> bool:
    parsed = parse_range_header(asked)
    return parsed is not None and len(parsed.ranges) == 1 and parsed.units == "bytes"


def _part(asked: str, size: int) -> tuple[int, int] | None:
    """Begin and end (the byte after); None when no range, several or none of the object's is asked for."""
    parsed = parse_range_header(asked)
    return parsed.range_for_length(size) if parsed is not None else None


def _read(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(begin)
        while begin < end and (chunk := file.read(min(CHUNK_BYTES, end - begin))):
            begin += len(chunk)
            yield chunk
