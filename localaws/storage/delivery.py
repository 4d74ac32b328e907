"""An object's content from its file, whole or a part of it, without reading more than is sent.

Trino reads Parquet in parts, footers first. What an answer says beside its body, and whether there is one, is
the caller's to say.
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
    named = _range(asked)
    begin, end = _within(named, size) if named is not None else (0, size)
    if named is not None and begin >= end:
        content = REFUSAL.format(size=size, asked=asked).encode()
        described = [("Content-Type", "application/xml"), ("Content-Length", str(len(content)))]
        return "416 Requested Range Not Satisfiable", described, iter([content])
    if end - begin < size:
        # The checksum is the whole object's.
        for name in [name for name, _ in headers if name.lower().startswith("x-amz-checksum-")]:
            del headers[name]
    headers["Content-Length"] = str(end - begin)
    if named is not None:
        headers["Content-Range"] = f"bytes {begin}-{end - 1}/{size}"
    status = "200 OK" if named is None else "206 Partial Content"
    return status, list(headers), _read(key._value_buffer.read(), begin, end)


def _range(asked: str) -> tuple[int, int | None] | None:
    """Begin and end (the byte after) as asked for, a negative begin from the end; S3 knows one range."""
    parsed = parse_range_header(asked)
    if parsed is None or parsed.units != "bytes" or len(parsed.ranges) != 1:
        return None
    begin, end = parsed.ranges[0]
    return begin or 0, end


def _within(named: tuple[int, int | None], size: int) -> tuple[int, int]:
    begin, end = named
    if begin < 0:
        return max(size + begin, 0), size
    return begin, size if end is None else min(end, size)


def _read(file: BinaryIO, begin: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(begin)
        while begin < end and (chunk := file.read(min(CHUNK_BYTES, end - begin))):
            begin += len(chunk)
            yield chunk
