"""Where things are in the lake's bucket: the keys of `files/` and `raw/`, made from a file's hashes."""

from dataclasses import dataclass

from ingestion.settings import Settings

CONTROL_TABLE = "file_control"


@dataclass(frozen=True, slots=True)
class Lake:
    """The bucket and the raw database of one lake."""

    bucket: str
    raw_database: str

    def kept_file(self, domain: str, entity: str, received_hash: str, name: str) -> str:
        """Where a file is kept as it was received, by the hash of its bytes."""
        return f"s3://{self.bucket}/files/{domain}/{entity}/{received_hash}/{name}"

    def table(self, table: str) -> str:
        """The root of a raw table, with its closing slash."""
        return f"s3://{self.bucket}/raw/{table}/"

    def file_partition(self, table: str, file_hash: str) -> str:
        """Where the raw rows of one file are, with its closing slash."""
        return f"{self.table(table)}file_hash={file_hash}/"

    def control_partition(self, domain: str) -> str:
        """Where a domain's control rows are, with its closing slash."""
        return f"{self.table(CONTROL_TABLE)}domain={domain}/"

    def control_row(self, domain: str, status: str, entity: str, identity: str) -> str:
        """Where one control row is. The one of a landed file is named by the file's hash, so there is one."""
        return f"{self.control_partition(domain)}{status}-{entity}-{identity}.parquet"


def lake_of(settings: Settings) -> Lake:
    """The lake that the settings name."""
    return Lake(bucket=settings.bucket, raw_database=f"{settings.schema}_raw")
