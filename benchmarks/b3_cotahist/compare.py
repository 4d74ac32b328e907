"""The contenders on COTAHIST text, and the texts: a source's rows, repeated until they are long enough."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.b3_cotahist import text
from benchmarks.contest import Contender, Measured, contest

_MODULES = "benchmarks.b3_cotahist.contenders"
_OURS, _LANDED = f"{_MODULES}.ours", f"{_MODULES}.ours_landed"
CONTENDERS = (
    Contender(_OURS, "finlake: text to Parquet"),
    Contender(_LANDED, "finlake: text to Parquet, landed", lands="local"),
    Contender(_LANDED, "finlake: the same, S3 keeps nothing", lands="nowhere"),
    Contender(f"{_MODULES}.polars_slices", "polars: slices to Parquet"),
    Contender(f"{_MODULES}.b3cotahist", "b3cotahist: to a DataFrame", peer=True),
    Contender(f"{_MODULES}.pandas_read_fwf", "pandas.read_fwf: to a DataFrame", up_to_bytes=100_000_000),
    Contender(_OURS, "finlake: ZIP to Parquet", packed=True),
    Contender(_LANDED, "finlake: ZIP to Parquet, landed", packed=True, lands="local"),
    Contender(_LANDED, "finlake: the same, S3 keeps nothing", packed=True, lands="nowhere"),
    Contender(f"{_MODULES}.inflate", "zipfile: inflating alone", packed=True),
)


def compare(source: Path | None, sizes_mb: list[int], runs: int) -> list[Measured]:
    """Measure all contenders on texts of these sizes, made of the rows at `source` or of generated ones."""
    with TemporaryDirectory(prefix="finlake-benchmark-") as folder:
        rows = text.rows_of(source)
        texts = [text.write(rows, size * 1_000_000, Path(folder)) for size in sizes_mb]
        del rows
        return contest(CONTENDERS, texts, runs)
