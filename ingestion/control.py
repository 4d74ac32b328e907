"""The control table: one row for each attempt to land a file."""

import io
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Literal

import awswrangler as wr
import boto3
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.lake import CONTROL_TABLE, Lake

Status = Literal["landed", "refused", "duplicate"]
FETCHED = ("https://", "http://")

COLUMNS: dict[str, tuple[str, str]] = {
    "entity": (
        "string",
        "What the file holds: cotahist, index_levels, tb_faturas …; unknown where its name tells none",
    ),
    "attempt_id": ("string", "One attempt to land one file"),
    "status": ("string", "landed, refused or duplicate"),
    "reason": ("string", "Code of the refusal; null unless refused"),
    "detail": ("string", "The refusal as a sentence, with lines and numbers; for a duplicate, of what"),
    "file_name": ("string", "Name of the file as received"),
    "file_hash": (
        "string",
        "SHA-256 of the text, with what the name alone tells; of the bytes received when no text can be read",
    ),
    "file_size": ("bigint", "Bytes received"),
    "origin": ("string", "Path or URL the file came from"),
    "s3_uri": ("string", "Where the file is kept as it was received"),
    "header_date": ("string", "Date of the file's header, YYYYMMDD; null where it has none"),
    "rows_expected": ("bigint", "The file's own count, from its trailer; null where it has none"),
    "rows_landed": ("bigint", "Rows in the raw table, malformed ones included"),
    "rows_malformed": ("bigint", "Raw rows kept as bare text"),
    "landed_at": ("timestamp", "When the attempt was made, UTC"),
    # at the end, since control tables of before have to take it up
    "period": ("string", "Month of the file, YYYYMM, of its name; null where it has none"),
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
    period: str | None


def prepare(lake: Lake, domain: str, session: boto3.Session) -> None:
    """Make the raw database, the control table and the domain's partition where they are not there yet."""
    wr.catalog.create_database(lake.raw_database, exist_ok=True, boto3_session=session)
    there = wr.catalog.get_table_types(lake.raw_database, CONTROL_TABLE, boto3_session=session)
    if there is not None:
        _take_up_new_columns(lake, there, session)
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
            mode="append",  # as a raw table: somebody else may have made it in the meantime
            boto3_session=session,
        )
    wr.catalog.add_parquet_partitions(
        database=lake.raw_database,
        table=CONTROL_TABLE,
        partitions_values={lake.control_partition(domain): [domain]},
        boto3_session=session,
    )


def _take_up_new_columns(lake: Lake, there: dict[str, str], session: boto3.Session) -> None:
    """Add the columns that a control table of an earlier version lacks; its rows have null in them."""
    for name, (kind, comment) in COLUMNS.items():
        if name not in there:
            wr.catalog.add_column(
                lake.raw_database, CONTROL_TABLE, name, kind, comment, boto3_session=session
            )


def landed_periods(lake: Lake, domain: str, entity: str, session: boto3.Session) -> set[str]:
    """The months (YYYYMM) of which a file of the entity has landed."""
    prefix = f"{lake.control_partition(domain)}landed-{entity}-"
    rows = wr.s3.list_objects(f"{prefix}*", boto3_session=session)
    if not rows:
        return set()
    found = wr.s3.read_parquet(rows, columns=["period"], boto3_session=session)
    return set(found["period"].dropna())


def received_since(
    lake: Lake, domain: str, entity: str, since: datetime, session: boto3.Session
) -> dict[str, datetime]:
    """The names of the entity's files that were fetched and landed since, and when they last were.

    `since` and what is returned are UTC without a zone. A file that had landed before counts as well: it was
    asked for, and had not changed.
    """
    last: dict[str, datetime] = {}
    for status in ("landed", "duplicate"):
        prefix = f"{lake.control_partition(domain)}{status}-{entity}-"
        rows = wr.s3.list_objects(
            f"{prefix}*", last_modified_begin=since.replace(tzinfo=UTC), boto3_session=session
        )
        if not rows:
            continue
        found = wr.s3.read_parquet(rows, columns=["file_name", "origin", "landed_at"], boto3_session=session)
        for name, origin, landed_at in found.itertuples(index=False):
            if origin.startswith(FETCHED) and landed_at >= last.get(name, since):
                last[name] = landed_at
    return last


def is_landed(lake: Lake, domain: str, entity: str, file_hash: str, session: boto3.Session) -> bool:
    """Whether a file of this content has landed, wholly."""
    uri = lake.control_row(domain, "landed", entity, file_hash)
    return bool(wr.s3.does_object_exist(uri, boto3_session=session))


def write(lake: Lake, domain: str, row: ControlRow, session: boto3.Session) -> None:
    """Keep one row. A landed file's row has one key for all times, so there is never a second."""
    identity = row.file_hash if row.status == "landed" else row.attempt_id
    content = io.BytesIO()
    # Of one row, what Parquet writes around it is most of what every reader of the table pays for.
    pq.write_table(
        pa.Table.from_pylist([asdict(row)], SCHEMA),
        content,
        use_dictionary=False,
        write_statistics=False,
        store_schema=False,
    )
    content.seek(0)
    wr.s3.upload(content, lake.control_row(domain, row.status, row.entity, identity), boto3_session=session)
