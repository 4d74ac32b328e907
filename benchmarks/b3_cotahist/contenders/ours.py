"""Our parse: text to Parquet parts, every check made, nothing landed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ingestion.b3.cotahist import ENTITY
from ingestion.entity import RowOrigin
from ingestion.keep import Received
from ingestion.land import parse


def prepare(path: Path) -> Callable[[], int]:
    """Read the file at `path`, a text or a ZIP."""

    def work() -> int:
        with TemporaryDirectory() as folder:
            origin = RowOrigin(path.name, datetime(2026, 3, 6))
            parsed = parse(Received(path, str(path)), ENTITY, origin, Path(folder))
        if parsed.envelope is None:
            raise RuntimeError(str(parsed.refusal))
        return parsed.envelope.rows

    return work
