"""The queries of reports/queries, asked of Athena."""

from importlib.resources import files
from typing import Any

import awswrangler as wr

from ingestion.clients import SharedSession
from ingestion.settings import Settings

Row = dict[str, Any]


class Refined:
    """The refined tables of one lake, and what asking them has read so far."""

    def __init__(self, settings: Settings, session: SharedSession) -> None:
        self._settings = settings
        self._session = session
        self.bytes_scanned = 0

    def rows(self, query: str, **parameters: object) -> list[Row]:
        """The rows of a query by its name; null is None.

        Raises awswrangler's QueryFailed with Athena's reason, as when a table is not there.
        """
        frame = wr.athena.read_sql_query(
            files("reports").joinpath("queries", f"{query}.sql").read_text(encoding="utf-8"),
            database=f"{self._settings.schema}_refined",
            workgroup=self._settings.workgroup,
            s3_output=f"s3://{self._settings.bucket}/athena-results/",
            ctas_approach=False,
            params=parameters,
            paramstyle="named",
            boto3_session=self._session,
        )
        self.bytes_scanned += frame.query_metadata["Statistics"]["DataScannedInBytes"]
        rows: list[Row] = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return rows
