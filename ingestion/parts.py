"""Raw rows to Parquet files in a local folder, on several threads, each with a file of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from types import TracebackType
from typing import Generic, Self, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

WRITERS = 2
WAITING_PER_WRITER = 2
ROW_GROUP_ROWS = 1 << 18

Found = TypeVar("Found")


class PartWriter(Generic[Found]):
    """Makes record batches on threads and writes them to `part-NNNNN.parquet`.

    Batch number n goes to part n modulo the number of writers, so the same batches give the same parts. Rows are
    gathered into row groups of about 260,000, so that a large file is cheap to scan; what waits is bounded, so
    memory does not grow with the file.
    """

    def __init__(self, folder: Path, schema: pa.Schema, plain_columns: tuple[str, ...] = ()) -> None:
        self._folder = folder
        self._schema = schema
        self._dictionary = [name for name in schema.names if name not in plain_columns]
        self._files: list[pq.ParquetWriter | None] = [None] * WRITERS
        self._threads = [ThreadPoolExecutor(1, f"part-{index}") for index in range(WRITERS)]
        self._room = [BoundedSemaphore(WAITING_PER_WRITER) for _ in range(WRITERS)]
        self._results: list[Future[Found]] = []

    def write(self, make: Callable[[], tuple[pa.RecordBatch, Found]]) -> None:
        """Have `make` called on a writer's thread and its batch written. Waits when too much is waiting."""
        index = len(self._results) % WRITERS
        self._room[index].acquire()
        self._results.append(self._threads[index].submit(self._write, index, make))

    def finish(self) -> list[Found]:
        """Wait for all batches, close the files, and return what each `make` found, in order."""
        found = [result.result() for result in self._results]
        for file in self._files:
            if file is not None:
                file.close()
        return found

    def paths(self) -> list[Path]:
        """The finished files, in order."""
        return [self._path(index) for index, file in enumerate(self._files) if file is not None]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for thread in self._threads:
            thread.shutdown(cancel_futures=True)
        for file in self._files:
            if file is not None and file.is_open:
                file.close()

    def _path(self, index: int) -> Path:
        return self._folder / f"part-{index:05d}.parquet"

    def _write(self, index: int, make: Callable[[], tuple[pa.RecordBatch, Found]]) -> Found:
        try:
            batch, found = make()
            file = self._files[index] or self._open(index)
            file.write_batch(batch, row_group_size=ROW_GROUP_ROWS)
            return found
        finally:
            self._room[index].release()

    def _open(self, index: int) -> pq.ParquetWriter:
        file = pq.ParquetWriter(
            self._path(index),
            self._schema,
            compression="zstd",
            compression_level=1,
            use_dictionary=self._dictionary,
            write_statistics=False,
            store_schema=False,
        )
        self._files[index] = file
        return file
