"""The Glue catalog as planning asks for it."""

import gzip
import json
from typing import Any

from localaws.athena.store import split_uri


class GlueCatalog:
    """Reads databases, tables and partitions through the API; nothing is kept."""

    def __init__(self, glue: Any, s3: Any) -> None:
        self._glue = glue
        self._s3 = s3

    def table(self, database: str, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._glue.get_table(DatabaseName=database, Name=name)["Table"]
        except self._glue.exceptions.EntityNotFoundException:
            return None
        return found

    def tables(self, database: str, expression: str | None = None) -> list[dict[str, Any]]:
        chosen = {"Expression": expression} if expression else {}
        return self._all("get_tables", "TableList", DatabaseName=database, **chosen)

    def databases(self) -> list[str]:
        return [database["Name"] for database in self._all("get_databases", "DatabaseList")]

    def database_exists(self, name: str) -> bool:
        return self.database(name) is not None

    def database(self, name: str) -> dict[str, Any] | None:
        try:
            found: dict[str, Any] = self._glue.get_database(Name=name)["Database"]
        except self._glue.exceptions.EntityNotFoundException:
            return None
        return found

    def partitions(self, database: str, table: str) -> list[dict[str, Any]]:
        return self._all("get_partitions", "Partitions", DatabaseName=database, TableName=table)

    def iceberg_metadata(self, table: dict[str, Any]) -> dict[str, Any]:
        """The table's own metadata file, which knows more than its entry in Glue."""
        bucket, key = split_uri(table["Parameters"]["metadata_location"])
        content = self._s3.get_object(Bucket=bucket, Key=key)["Body"].read()
        found: dict[str, Any] = json.loads(
            gzip.decompress(content) if key.endswith(".gz.metadata.json") else content
        )
        return found

    def _all(self, call: str, member: str, **parameters: Any) -> list[dict[str, Any]]:
        pages = self._glue.get_paginator(call).paginate(**parameters)
        return [item for page in pages for item in page[member]]
