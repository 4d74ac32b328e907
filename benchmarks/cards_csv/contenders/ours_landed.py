"""Our whole way: parsed, kept, landed in S3 and the catalog, with its control row."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from ingestion import land
from ingestion.cards.entities import entity_of
from ingestion.clients import SharedSession
from ingestion.keep import Received
from ingestion.lake import Lake

REGION = "sa-east-1"


def prepare(path: Path) -> Callable[[], int]:
    """Land the file at `path` in the AWS that the environment names."""
    session = SharedSession(REGION)
    place = {"LocationConstraint": REGION}
    session.client("s3").create_bucket(Bucket="benchmark", CreateBucketConfiguration=place)
    target = land.Target(entity_of(path.name), Lake("benchmark", "benchmark_raw"), session)
    land.prepare(target)

    def work() -> int:
        landing = land.land(Received(path, str(path)), target, datetime(2023, 2, 1))
        if landing.row.status != "landed":
            raise RuntimeError(f"{landing.row.status}: {landing.row.detail}")
        return landing.row.rows_landed or 0

    return work
