"""Raw rows to Parquet files in a local folder, on several threads, each with a file of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from math import ceil
from pathlib import Path
from threading import BoundedSemaphore
from types import TracebackType
from typing import Generic, Self, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

WRITERS = 2
WAITING_PER_WRITER = 2
ROW_GROUP_ROWS = 1 << 17

Found = TypeVar("Found")


class PartWriter(Generic[Found]):
    """Makes record batches on threads and writes them to `part-NNNNN.parquet`.

    Rows are gathered into row groups of 130,000 and some, so that a large file is cheap to scan. The parts
    take turns by row groups, of as many batches as the first one's rows tell: while one writes, the other
    gathers; the same batches give the same parts, and a small file one. What waits is bounded, so memory does
    not grow with the file.
    """

    def __init__(self, folder: Path, schema: pa.Schema, plain_columns: tuple[str, ...] = ()) -> None:
        self._parts = [
            _Part(folder / f"part-{index:05d}.parquet", schema, plain_columns) for index in range(WRITERS)
        ]
        self._threads = [ThreadPoolExecutor(1, f"part-{index}") for index in range(WRITERS)]
        self._room = [BoundedSemaphore(WAITING_PER_WRITER) for _ in range(WRITERS)]
        self._results: list[Future[Found]] = []
        self._batches_in_turn = 0

    def write(self, make: Callable[[], tuple[pa.RecordBatch, Found]]) -> None:
        """Have `make` called on a writer's thread and its batch written. Waits when too much is waiting."""
        index = len(self._results) // self._turn() % WRITERS
        self._room[index].acquire()
        self._results.append(self._threads[index].submit(self._write, index, make))

    def finish(self) -> list[Found]:
        """Wait for all batches, close the files, and return what each `make` found, in order."""
        found = [result.result() for result in self._results]
        closing = [thread.submit(part.close) for thread, part in zip(self._threads, self._parts, strict=True)]
        for closed in closing:
            closed.result()
        return found

    def paths(self) -> list[Path]:
        """The finished files, in order."""
        return [part.path for part in self._parts if part.path.exists()]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for thread in self._threads:
            thread.shutdown(cancel_futures=True)

    def _turn(self) -> int:
        """How many batches make a row group, as far as the first one tells; it is waited for."""
        if not self._batches_in_turn and self._results:
            self._results[0].result()
            rows = self._parts[0].rows
            self._batches_in_turn = ceil(ROW_GROUP_ROWS / rows) if rows else 1
        return self._batches_in_turn or 1

    def _write(self, index: int, make: Callable[[], tuple[pa.RecordBatch, Found]]) -> Found:
        try:
            batch, found = make()
            self._parts[index].add(batch)
            return found
        finally:
            self._room[index].release()


class _Part:
    """One Parquet file; it is there from its first row group on, and whole once closed."""

    def __init__(self, path: Path, schema: pa.Schema, plain_columns: tuple[str, ...]) -> None:
        self.path = path
        self._schema = schema
        self._dictionary = [name for name in schema.names if name not in plain_columns]
        self._encodings = {name: _encoding(schema.field(name)) for name in plain_columns}
        self._gathered: list[pa.RecordBatch] = []
        self._file: pq.ParquetWriter | None = None

    @property
    def rows(self) -> int:
        """How many wait for their row group to be full."""
        return sum(batch.num_rows for batch in self._gathered)

    def add(self, batch: pa.RecordBatch) -> None:
        self._gathered.append(batch)
        if self.rows >= ROW_GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        if self._gathered:
            self._flush()
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if self._file is None:
            self._file = pq.ParquetWriter(
                self.path,
                self._schema,
                compression="zstd",
                compression_level=1,
                use_dictionary=self._dictionary,
                column_encoding=self._encodings,
                write_statistics=False,
                store_schema=False,
            )
        table = pa.Table.from_batches(self._gathered, self._schema)
        self._gathered = []
        self._file.write_table(table, row_group_size=max(table.num_rows, 1))


def _encoding(field: pa.Field) -> str:
    """How a column without a dictionary is written; its metadata may name the encoding that fits it best."""
    if field.metadata and b"encoding" in field.metadata:
        return str(field.metadata[b"encoding"].decode())
    return "DELTA_BINARY_PACKED" if pa.types.is_integer(field.type) else "PLAIN"
