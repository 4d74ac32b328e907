"""Results in S3: written while the rows come, read back page by page."""

import io
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pyarrow as pa
import pyarrow.csv as pacsv
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

from localaws.athena.errors import QueryFailed

# Rows between two places in the file that a page can begin at; also Athena's largest page.
BLOCK = 1000
_IN_MEMORY = 8 * 2**20
# Who asks for a page asks for the next one: so much is read at once, and of so many results.
_AHEAD_BYTES = 2 * 2**20
_MOST_AHEAD = 16
Line = list[str | None]
# Each part that is on its way is in memory.
_FEW_AT_ONCE = TransferConfig(max_concurrency=2)
# A page of rows, column by column.
Columns = list[list[str | None]]
_CSV = pacsv.WriteOptions(include_header=False, quoting_style="all_valid")


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
    """Bucket and key of an s3:// address; a key may have any character in it, as # and ?."""
    bucket, _, key = uri.partition("://")[2].partition("/")
    return bucket, key.lstrip("/")


def write_csv(s3: Any, uri: str, header: list[str], pages: Iterable[Columns]) -> ResultFile:
    """Write rows as Athena's CSV (values quoted, null empty) in constant memory."""
    bucket, key = split_uri(uri)
    result = ResultFile(bucket, key, width=len(header))
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as file:
        file.write(csv_lines(pa.table([pa.array([name]) for name in header], names=_names(len(header)))))
        for page in pages:
            _write_page(file, page, result)
        result.size = file.tell()
        file.seek(0)
        with _writing(uri):
            _upload(s3, file, result)
    return result


def write_text(s3: Any, uri: str, lines: Iterable[str]) -> None:
    """Write a DDL or utility statement's text, or a manifest."""
    write_bytes(s3, uri, "".join(f"{line}\n" for line in lines).encode())


def write_bytes(s3: Any, uri: str, content: bytes) -> None:
    """Write an object beside a result."""
    bucket, key = split_uri(uri)
    with _writing(uri):
        s3.put_object(Bucket=bucket, Key=key, Body=content)


def csv_lines(table: pa.Table) -> bytes:
    """Each value between quotes, null as nothing at all."""
    sink = pa.BufferOutputStream()
    pacsv.write_csv(table, sink, _CSV)
    content: bytes = sink.getvalue().to_pybytes()
    return content


@contextmanager
def _writing(uri: str) -> Iterator[None]:
    """Athena's words for a place that takes nothing."""
    try:
        yield
    except ClientError as error:
        status = error.response["ResponseMetadata"]["HTTPStatusCode"]
        said = error.response["Error"]
        reason = f"{said['Message']} (Service: Amazon S3; Status Code: {status}; Error Code: {said['Code']})"
        if status == HTTPStatus.FORBIDDEN:
            reason = (
                f"Access denied when writing output to url: {uri} . Please ensure you are allowed to access "
                "the S3 bucket. If you are encrypting query results with KMS key, please ensure you are "
                "allowed to access your KMS key"
            )
        raise QueryFailed("", reason) from error


def _names(width: int) -> list[str]:
    # Columns of a result may have the same name.
    return [str(at) for at in range(width)]


def _write_page(file: Any, page: Columns, result: ResultFile) -> None:
    table = pa.table([pa.array(column, pa.string()) for column in page], names=_names(len(page)))
    at = 0
    while at < table.num_rows:
        if result.rows % BLOCK == 0:
            result.offsets.append(file.tell())
        part = table.slice(at, BLOCK - result.rows % BLOCK)
        if result.rows < BLOCK:
            result.first += _rows(part)
        file.write(csv_lines(part))
        at += part.num_rows
        result.rows += part.num_rows


def _rows(table: pa.Table) -> list[Line]:
    return [list(row) for row in zip(*(column.to_pylist() for column in table.columns), strict=True)]


def _upload(s3: Any, file: Any, result: ResultFile) -> None:
    if result.size <= _IN_MEMORY:
        s3.put_object(Bucket=result.bucket, Key=result.key, Body=file.read())
    else:
        s3.upload_fileobj(file, result.bucket, result.key, Config=_FEW_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Rows of a result that were read together, from a block's first row on."""

    begin: int
    table: pa.Table

    def holds(self, row: int) -> bool:
        return bool(self.begin <= row < self.begin + self.table.num_rows)


class Results:
    """Results read back: a page at a time, some of what follows it at once."""

    def __init__(self, s3: Any) -> None:
        self._s3 = s3
        self._ahead: OrderedDict[str, Stretch] = OrderedDict()
        self._lock = threading.Lock()

    def rows(self, result: ResultFile, start: int, count: int) -> list[Line]:
        """Rows `start` to `start + count` of a result (the header is none of them)."""
        end = min(start + count, result.rows)
        # Another thread may let go of them at any moment.
        first = result.first
        if end <= len(first):
            return first[start:end]
        rows: list[Line] = []
        while start < end:
            stretch = self._stretch(result, start)
            found = _rows(stretch.table.slice(start - stretch.begin, end - start))
            rows += found
            start += len(found)
        return rows

    def _stretch(self, result: ResultFile, row: int) -> Stretch:
        name = f"{result.bucket}/{result.key}"
        with self._lock:
            found = self._ahead.get(name)
        if found is None or not found.holds(row):
            found = self._read(result, row // BLOCK)
            with self._lock:
                self._ahead[name] = found
                self._ahead.move_to_end(name)
                while len(self._ahead) > _MOST_AHEAD:
                    self._ahead.popitem(last=False)
        return found

    def _read(self, result: ResultFile, begin: int) -> Stretch:
        end = _stretch_end(result, begin)
        asked = f"bytes={_offset(result, begin)}-{_offset(result, end) - 1}"
        found = self._s3.get_object(Bucket=result.bucket, Key=result.key, Range=asked)
        return Stretch(begin * BLOCK, _parsed(found["Body"].read(), result.width))


def _stretch_end(result: ResultFile, begin: int) -> int:
    end = begin + 1
    while end < len(result.offsets) and _offset(result, end + 1) - result.offsets[begin] <= _AHEAD_BYTES:
        end += 1
    return end


def _offset(result: ResultFile, block: int) -> int:
    return result.offsets[block] if block < len(result.offsets) else result.size


def _parsed(content: bytes, width: int) -> pa.Table:
    names = _names(width)
    return pacsv.read_csv(
        io.BytesIO(content),
        read_options=pacsv.ReadOptions(
            column_names=names, block_size=max(len(content), 1), use_threads=False
        ),
        parse_options=pacsv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types={name: pa.string() for name in names},
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        ),
    )
