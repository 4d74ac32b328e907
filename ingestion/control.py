"""The control table: one row for each attempt to land a file."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Literal

import awswrangler as wr
import boto3
import pyarrow as pa

from ingestion.lake import CONTROL_TABLE, Lake

Status = Literal["landed", "refused", "duplicate"]

COLUMNS: dict[str, tuple[str, str]] = {
    "entity": ("string", "What the file holds: cotahist"),
    "attempt_id": ("string", "One attempt to land one file"),
    "status": ("string", "landed, refused or duplicate"),
    "reason": ("string", "Code of the refusal; null unless refused"),
    "detail": ("string", "The refusal as a sentence, with lines and numbers; for a duplicate, of what"),
    "file_name": ("string", "Name of the file as received"),
    "file_hash": ("string", "SHA-256 of the text inside; of the bytes received when the text cannot be read"),
    "file_size": ("bigint", "Bytes received"),
    "origin": ("string", "Path or URL the file came from"),
    "s3_uri": ("string", "Where the file is kept as it was received"),
    "header_date": ("string", "Date of the file's header, YYYYMMDD"),
    "rows_expected": ("bigint", "The file's own count, from its trailer"),
    "rows_landed": ("bigint", "Rows in the raw table, malformed ones included"),
    "rows_malformed": ("bigint", "Raw rows kept as bare text"),
    "landed_at": ("timestamp", "When the attempt was made, UTC"),
}


ARROW = {"string": pa.string(), "bigint": pa.int64(), "timestamp": pa.timestamp("ms")}
SCHEMA = pa.schema([(name, ARROW[kind]) for name, (kind, _) in COLUMNS.items()])


@dataclass(frozen=True, slots=True)
class ControlRow:
    """One attempt to land one file; the columns are described in COLUMNS."""

    entity: str
    attempt_id: str
    status: Status
    reason: str | None
    detail: str | None
    file_name: str
    file_hash: str
    file_size: int
    origin: str
    s3_uri: str
    header_date: str | None
    rows_expected: int | None
    rows_landed: int | None
    rows_malformed: int | None
    landed_at: datetime


def prepare(lake: Lake, domain: str, session: boto3.Session) -> None:
    """Make the raw database, the control table and the domain's partition where they are not there yet."""
    wr.catalog.create_database(lake.raw_database, exist_ok=True, boto3_session=session)
    if wr.catalog.does_table_exist(lake.raw_database, CONTROL_TABLE, boto3_session=session):
        partitions = wr.catalog.get_partitions(lake.raw_database, CONTROL_TABLE, boto3_session=session)
        if [domain] in partitions.values():
            return
    else:
        wr.catalog.create_parquet_table(
            database=lake.raw_database,
            table=CONTROL_TABLE,
            path=lake.table(CONTROL_TABLE),
            columns_types={name: kind for name, (kind, _) in COLUMNS.items()},
            columns_comments={name: comment for name, (_, comment) in COLUMNS.items()},
            partitions_types={"domain": "string"},
            description="One row for each attempt to land a file.",
            boto3_session=session,
        )
    wr.catalog.add_parquet_partitions(
        database=lake.raw_database,
        table=CONTROL_TABLE,
        partitions_values={lake.control_partition(domain): [domain]},
        boto3_session=session,
    )


def is_landed(lake: Lake, domain: str, entity: str, file_hash: str, session: boto3.Session) -> bool:
    """Whether a file of this content has landed, wholly."""
    uri = lake.control_row(domain, "landed", entity, file_hash)
    return bool(wr.s3.does_object_exist(uri, boto3_session=session))


def write(lake: Lake, domain: str, row: ControlRow, session: boto3.Session) -> None:
    """Keep one row. A landed file's row has one key for all times, so there is never a second."""
    identity = row.file_hash if row.status == "landed" else row.attempt_id
    frame = pa.Table.from_pylist([asdict(row)], SCHEMA).to_pandas(integer_object_nulls=True)
    wr.s3.to_parquet(
        frame,
        path=lake.control_row(domain, row.status, row.entity, identity),
        index=False,
        dtype={name: kind for name, (kind, _) in COLUMNS.items()},
        pyarrow_additional_kwargs={"flavor": None, "version": "2.6", "coerce_timestamps": "ms"},
        boto3_session=session,
    )
