"""Athena's API: an operation's name and payload in, a status and a body out."""

import logging
import threading
from collections.abc import Callable
from typing import Any

import botocore.session

from localaws.athena.data_catalogs import DataCatalogs
from localaws.athena.errors import ApiError, invalid_request
from localaws.athena.executor import Executor, KeepPrepared
from localaws.athena.glue_catalog import GlueCatalog
from localaws.athena.paging import page
from localaws.athena.queries import Queries
from localaws.athena.query import ENGINE_VERSION
from localaws.athena.saved import NamedQueries, PreparedStatements
from localaws.athena.tags import Operation, Tags
from localaws.athena.trino_client import TrinoClient
from localaws.athena.workgroups import WorkGroups
from localaws.engine.address import TrinoAddress

AT_ONCE = 12
# What is kept beyond the server's life; queries and their results are not.
KEPT = ("Create", "Update", "Delete", "Tag", "Untag")
_MODEL = botocore.session.Session().get_service_model("athena")
# Told of what has changed, of what a statement has as the operation that would have done the same.
OnChange = Callable[[str, dict[str, Any]], object]

log = logging.getLogger(__name__)


def _nobody(_operation: str, _payload: dict[str, Any]) -> None:
    """Nothing is kept."""


class AthenaService:
    """Athena on one Trino, with boto3's clients of its S3 and its Glue.

    What is kept changes one by one, and `on_change` is told in the same order.
    """

    def __init__(
        self,
        trino: TrinoAddress,
        s3: Any,
        glue: Any,
        *,
        engine_ready: Callable[[float], bool] = bool,
        on_change: OnChange = _nobody,
    ) -> None:
        client = TrinoClient(trino)
        groups, prepared, catalog = WorkGroups(), PreparedStatements(), GlueCatalog(glue, s3)
        self._on_change = on_change
        self._changing = threading.Lock()
        executor = Executor(client, s3, glue, self._telling(prepared))
        queries = Queries(executor, groups, prepared, at_once=AT_ONCE, engine_ready=engine_ready)
        catalogs, named, tags = DataCatalogs(catalog), NamedQueries(), Tags()
        self._operations: dict[str, Operation] = {
            "StartQueryExecution": queries.start,
            "GetQueryExecution": queries.get,
            "BatchGetQueryExecution": queries.batch_get,
            "ListQueryExecutions": queries.listing,
            "StopQueryExecution": queries.stop,
            "GetQueryResults": queries.results,
            "GetQueryRuntimeStatistics": queries.runtime_statistics,
            "CreateWorkGroup": tags.creating("workgroup", groups.create),
            "GetWorkGroup": groups.get,
            "ListWorkGroups": groups.listing,
            "UpdateWorkGroup": groups.update,
            "DeleteWorkGroup": tags.deleting("workgroup", "WorkGroup", groups.delete),
            "CreateNamedQuery": named.create,
            "GetNamedQuery": named.get,
            "BatchGetNamedQuery": named.batch_get,
            "ListNamedQueries": named.listing,
            "UpdateNamedQuery": named.update,
            "DeleteNamedQuery": named.delete,
            "CreatePreparedStatement": prepared.create,
            "GetPreparedStatement": prepared.get,
            "BatchGetPreparedStatement": prepared.batch_get,
            "ListPreparedStatements": prepared.listing,
            "UpdatePreparedStatement": prepared.update,
            "DeletePreparedStatement": prepared.delete,
            "CreateDataCatalog": tags.creating("datacatalog", catalogs.create),
            "GetDataCatalog": catalogs.get,
            "ListDataCatalogs": catalogs.listing,
            "UpdateDataCatalog": catalogs.update,
            "DeleteDataCatalog": tags.deleting("datacatalog", "Name", catalogs.delete),
            "ListDatabases": catalogs.databases,
            "GetDatabase": catalogs.database,
            "GetTableMetadata": catalogs.table,
            "ListTableMetadata": catalogs.tables,
            "TagResource": tags.tag,
            "UntagResource": tags.untag,
            "ListTagsForResource": tags.listing,
            "ListEngineVersions": _engine_versions,
        }

    def handle(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Do one operation. Raises ApiError as Athena would answer."""
        if not operation.startswith(KEPT):
            return self.replay(operation, payload)
        with self._changing:
            answer = self.replay(operation, payload)
            self._on_change(operation, payload)
            return answer

    def replay(self, operation: str, payload: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """The same, and nobody is told: at the start, for what was told before. Raises ApiError."""
        do = self._operations.get(operation)
        if do is None:
            raise ApiError("UnknownOperationException", f"{operation} is not there", 400)
        _require_members(operation, payload)
        return 200, do(payload)

    def _telling(self, prepared: PreparedStatements) -> KeepPrepared:
        def keep(workgroup: str, name: str, text: str | None) -> None:
            with self._changing:
                operation = prepared.keep(workgroup, name, text)
                self._on_change(
                    operation, {"WorkGroup": workgroup, "StatementName": name, "QueryStatement": text}
                )

        return keep


def _require_members(operation: str, payload: dict[str, Any]) -> None:
    """Clients that know the model see to it themselves."""
    shape = _MODEL.operation_model(operation).input_shape
    for member in shape.required_members if shape is not None else ():
        if payload.get(member) is None:
            raise invalid_request(f"The member {member} is missing")


def _engine_versions(payload: dict[str, Any]) -> dict[str, Any]:
    versions = [
        {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE_VERSION},
        {"SelectedEngineVersion": ENGINE_VERSION, "EffectiveEngineVersion": ENGINE_VERSION},
    ]
    shown, more = page(versions, payload, 10)
    return {"EngineVersions": shown, **more}
