"""A file read to its parts, without a lake."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.b3.cotahist import ENTITY
from ingestion.entity import Envelope, RowOrigin
from ingestion.keep import Received
from ingestion.land import parse
from ingestion.refusal import Refusal

LANDED_AT = datetime(2026, 3, 6, 21, 30)


@dataclass(frozen=True)
class Read:
    """What came of a file: rows by line, or a refusal."""

    rows: list[dict[str, Any]]
    envelope: Envelope | None
    refusal: Refusal | None
    file_hash: str

    @property
    def reason(self) -> str | None:
        return self.refusal.reason if self.refusal else None

    @property
    def malformed(self) -> dict[int, str]:
        """Malformed lines by their number."""
        return {
            row["line_number"]: row["malformed_line"]
            for row in self.rows
            if row["malformed_line"] is not None
        }


def read(content: bytes, name: str = "COTAHIST_D06032026.TXT") -> Read:
    """Read a file of this content and name."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(content)
        return read_path(path)


def read_path(path: Path) -> Read:
    """Read the file at `path`."""
    with TemporaryDirectory() as folder:
        parsed = parse(Received(path, str(path)), ENTITY, RowOrigin(path.name, LANDED_AT), Path(folder))
        tables = [pq.read_table(part) for part in parsed.parts]
        rows = pa.concat_tables(tables).to_pylist() if tables else []
    rows.sort(key=lambda row: int(row["line_number"]))
    return Read(rows, parsed.envelope, parsed.refusal, parsed.file_hash)
