"""Results in S3: written while the rows come, read back page by page."""

import io
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.csv as pacsv

# Rows between two places in the file that a page can begin at; also Athena's largest page.
BLOCK = 1000
_IN_MEMORY = 8 * 2**20
Line = list[str | None]


@dataclass(slots=True)
class ResultFile:
    """A result in S3, where every thousandth row begins, and its first rows while they are in memory."""

    bucket: str
    key: str
    width: int = 0
    rows: int = 0
    size: int = 0
    offsets: list[int] = field(default_factory=list)
    first: list[Line] = field(default_factory=list)


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of an s3:// address."""
    parts = urlsplit(uri)
    return parts.netloc, parts.path.lstrip("/")


def write_csv(s3: Any, uri: str, header: list[str] | None, pages: Iterable[list[Line]]) -> ResultFile:
    """Write rows as Athena's CSV (values quoted, null empty) in constant memory."""
    bucket, key = split_uri(uri)
    result = ResultFile(bucket, key)
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        if header is not None:
            file.write(csv_line(header))
        for page in pages:
            _write_page(file, page, result)
        result.size = file.tell()
        file.seek(0)
        _upload(s3, file, result)
    return result


def write_text(s3: Any, uri: str, lines: Iterable[str]) -> None:
    """Write a DDL or utility statement's text."""
    bucket, key = split_uri(uri)
    s3.put_object(Bucket=bucket, Key=key, Body="".join(f"{line}\n" for line in lines).encode())


def read_rows(s3: Any, result: ResultFile, start: int, count: int) -> list[Line]:
    """Rows `start` to `start + count` of a result (the header is none of them)."""
    end = min(start + count, result.rows)
    # Another thread may let go of them at any moment.
    first = result.first
    if end <= len(first):
        return first[start:end]
    rows: list[Line] = []
    block = start // BLOCK
    while block * BLOCK < end:
        rows += _read_block(s3, result, block)
        block += 1
    skipped = start // BLOCK * BLOCK
    return rows[start - skipped : end - skipped]


def csv_line(values: Line | list[str]) -> bytes:
    """One line: each value between quotes, null as nothing at all."""
    cells = ("" if value is None else '"' + value.replace('"', '""') + '"' for value in values)
    return (",".join(cells) + "\n").encode()


def _write_page(file: Any, page: list[Line], result: ResultFile) -> None:
    for row in page:
        if result.rows % BLOCK == 0:
            result.offsets.append(file.tell())
        if result.rows < BLOCK:
            result.first.append(row)
            result.width = len(row)
        file.write(csv_line(row))
        result.rows += 1


def _upload(s3: Any, file: Any, result: ResultFile) -> None:
    if result.size <= _IN_MEMORY:
        s3.put_object(Bucket=result.bucket, Key=result.key, Body=file.read())
    else:
        s3.upload_fileobj(file, result.bucket, result.key)


def _read_block(s3: Any, result: ResultFile, block: int) -> list[Line]:
    start = result.offsets[block]
    end = result.offsets[block + 1] if block + 1 < len(result.offsets) else result.size
    found = s3.get_object(Bucket=result.bucket, Key=result.key, Range=f"bytes={start}-{end - 1}")
    return list(_parsed(found["Body"].read(), result.width))


def _parsed(content: bytes, width: int) -> Iterator[Line]:
    names = [str(at) for at in range(width)]
    table = pacsv.read_csv(
        io.BytesIO(content),
        read_options=pacsv.ReadOptions(column_names=names, block_size=max(len(content), 1)),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
    yield from (list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True))
