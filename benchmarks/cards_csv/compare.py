"""The contenders on a file of invoices, and the file: generated rows repeated until it is long enough."""

from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.contest import Contender, Measured, contest
from samples.cards import Request, make

_MODULES = "benchmarks.cards_csv.contenders"
_LANDED = f"{_MODULES}.ours_landed"
CONTENDERS = (
    Contender(f"{_MODULES}.ours", "finlake: text to Parquet"),
    Contender(_LANDED, "finlake: text to Parquet, landed", lands="local"),
    Contender(_LANDED, "finlake: the same, S3 keeps nothing", lands="nowhere"),
    Contender(f"{_MODULES}.arrow_typed", "pyarrow.csv: read, types guessed"),
    Contender(f"{_MODULES}.arrow_texts", "pyarrow.csv: read as strings"),
    Contender(f"{_MODULES}.polars_typed", "polars.read_csv: read, types guessed"),
    Contender(f"{_MODULES}.arrow_parquet", "pyarrow.csv: strings to Parquet"),
)
NAME = "tb_faturas_202301.csv"
CUSTOMERS = 50_000


def compare(sizes_mb: list[int], runs: int) -> list[Measured]:
    """Measure all contenders on files of these sizes."""
    with TemporaryDirectory(prefix="finlake-benchmark-") as folder:
        paths = [write(size * 1_000_000, Path(folder) / str(size)) for size in sizes_mb]
        return contest(CONTENDERS, paths, runs)


def write(size: int, folder: Path) -> Path:
    """A file of invoices of about `size` bytes, whose rows repeat themselves."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as small:
        made = make(Request(Path(small), "2023-01", "2023-01", CUSTOMERS))
        header, _, rows = made[0].path.read_bytes().partition(b"\n")
    path = folder / NAME
    with path.open("wb") as file:
        file.write(header + b"\n")
        for _ in range(size // len(rows)):
            file.write(rows)
        file.write(rows[: rows.rfind(b"\n", 0, size % len(rows)) + 1])
    return path
