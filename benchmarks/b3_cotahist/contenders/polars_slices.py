"""polars: the text as one column, streamed, sliced into strings, written as Parquet (zstd)."""

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from benchmarks.b3_cotahist.layout import fields


def prepare(path: Path) -> Callable[[], int]:
    """Read the text at `path`."""
    slices = [pl.col("line").str.slice(start, width).alias(name) for name, start, width in fields()]

    def work() -> int:
        with TemporaryDirectory() as folder:
            written = Path(folder) / "all.parquet"
            lines = pl.scan_csv(
                path,
                has_header=False,
                new_columns=["line"],
                separator="\x01",
                quote_char=None,
                encoding="utf8-lossy",
            )
            rows = lines.filter(pl.col("line").str.starts_with("01"))
            rows.select(slices).sink_parquet(written, compression="zstd")
            count: int = pl.scan_parquet(written).select(pl.len()).collect().item()
        return count

    return work
