"""Our parse: text to Parquet parts, every check made, each row's SHA-256 included, nothing landed."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from ingestion.cards.entities import entity_of
from ingestion.entity import RowOrigin
from ingestion.keep import Received
from ingestion.land import parse


def prepare(path: Path) -> Callable[[], int]:
    """Read the file at `path`."""

    def work() -> int:
        origin = RowOrigin(path.name, datetime(2023, 2, 1))
        with TemporaryDirectory() as folder:
            parsed = parse(Received(path, str(path)), entity_of(path.name), origin, Path(folder))
        if parsed.envelope is None:
            raise RuntimeError(str(parsed.refusal))
        return parsed.envelope.rows

    return work
