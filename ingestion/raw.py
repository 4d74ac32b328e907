"""Raw tables: a file's parts to its partition, and the partition to the catalog."""

from pathlib import Path

import awswrangler as wr
import boto3
import pyarrow as pa

from ingestion import objects
from ingestion.entity import Entity
from ingestion.lake import Lake

PARTITION = {"file_hash": "string"}


def prepare(lake: Lake, entity: Entity, session: boto3.Session) -> None:
    """Make the entity's raw table where it is not there yet."""
    if wr.catalog.does_table_exist(lake.raw_database, entity.table, boto3_session=session):
        return
    wr.catalog.create_parquet_table(
        database=lake.raw_database,
        table=entity.table,
        path=lake.table(entity.table),
        columns_types=_columns_types(entity.columns),
        columns_comments={
            field.name: field.metadata[b"comment"].decode() for field in entity.columns if field.metadata
        },
        partitions_types=PARTITION,
        description=entity.description,
        # who made it in the meantime may have registered files: the other mode takes their partitions away
        mode="append",
        boto3_session=session,
    )


def upload(lake: Lake, entity: Entity, file_hash: str, parts: list[Path], session: boto3.Session) -> None:
    """Put a file's parts where they belong, and take away what an interrupted attempt may have left there."""
    partition = lake.file_partition(entity.table, file_hash)
    wanted = {f"{partition}{part.name}": part for part in parts}
    there = wr.s3.list_objects(partition, boto3_session=session)
    if left := [uri for uri in there if uri not in wanted]:
        wr.s3.delete_objects(left, boto3_session=session)
    for uri, part in wanted.items():
        objects.upload(part, uri, session)


def register(lake: Lake, entity: Entity, file_hash: str, session: boto3.Session) -> None:
    """Make the partition of a file known to the catalog."""
    wr.catalog.add_parquet_partitions(
        database=lake.raw_database,
        table=entity.table,
        partitions_values={lake.file_partition(entity.table, file_hash): [file_hash]},
        columns_types=_columns_types(entity.columns),
        boto3_session=session,
    )


def _columns_types(columns: pa.Schema) -> dict[str, str]:
    return {field.name: _athena_type(field.type) for field in columns}


def _athena_type(kind: pa.DataType) -> str:
    if pa.types.is_dictionary(kind):
        return _athena_type(kind.value_type)
    if pa.types.is_int64(kind):
        return "bigint"
    if pa.types.is_timestamp(kind):
        return "timestamp"
    if pa.types.is_string(kind):
        return "string"
    raise TypeError(f"raw tables hold strings, bigint and timestamp, not {kind}")
