"""The life of queries: started, run side by side up to a limit, stopped, asked about."""

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from localaws.athena.data_catalogs import AWS_CATALOG
from localaws.athena.errors import ApiError, QueryCancelled, QueryFailed, invalid_request
from localaws.athena.executor import Executor
from localaws.athena.history import History
from localaws.athena.paging import offset_of, page, token_of
from localaws.athena.query import FINAL, Query, Request, State
from localaws.athena.rows import encoded_rows
from localaws.athena.saved import PreparedStatements
from localaws.athena.store import BLOCK
from localaws.athena.workgroups import PRIMARY, WorkGroup, WorkGroups
from localaws.errors import LocalAwsError
from localaws.statements import MalformedStatementError, parse
from localaws.statements.model import Execute, Statement
from localaws.statements.parameters import bind

LONGEST_QUERY = 262_144
_LARGEST_BATCH = 50
# of waiting for the engine, so that who stops a query waits no longer
_STEP_SECONDS = 0.25
_TIMELINE = (
    "QueryQueueTimeInMillis",
    "ServicePreProcessingTimeInMillis",
    "QueryPlanningTimeInMillis",
    "EngineExecutionTimeInMillis",
    "ServiceProcessingTimeInMillis",
    "TotalExecutionTimeInMillis",
)

log = logging.getLogger(__name__)


class Queries:
    """The life of queries. Each runs in one thread of the pool, with no lock that others wait for."""

    def __init__(
        self,
        executor: Executor,
        workgroups: WorkGroups,
        prepared: PreparedStatements,
        *,
        at_once: int,
        engine_ready: Callable[[float], bool] = bool,
    ) -> None:
        self._executor = executor
        self._workgroups = workgroups
        self._prepared = prepared
        self._engine_ready = engine_ready
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="athena-query")
        self._history = History()

    def start(self, payload: dict[str, Any]) -> dict[str, Any]:
        text = payload.get("QueryString") or ""
        known = self._history.of_token(payload.get("ClientRequestToken"))
        if known is not None:
            if known.request.asked != self._request(payload, text).asked:
                raise invalid_request("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
            return {"QueryExecutionId": known.id}
        query = Query(str(uuid.uuid4()), self._request(payload, text))
        first = self._history.add(query)
        if first is query:
            self._pool.submit(self._run, query)
        return {"QueryExecutionId": first.id}

    def get(self, payload: dict[str, Any]) -> dict[str, Any]:
        return {"QueryExecution": self._find(payload["QueryExecutionId"]).describe()}

    def batch_get(self, payload: dict[str, Any]) -> dict[str, Any]:
        asked = payload["QueryExecutionIds"]
        if len(asked) > _LARGEST_BATCH:
            raise invalid_request(f"At most {_LARGEST_BATCH} query executions can be asked for at once")
        found = {name: self._history.find(name) for name in asked}
        missing = [
            {
                "QueryExecutionId": name,
                "ErrorCode": "INTERNAL_FAILURE",
                "ErrorMessage": f"QueryExecution {name} was not found",
            }
            for name, query in found.items()
            if query is None
        ]
        described = [query.describe() for query in found.values() if query is not None]
        return {"QueryExecutions": described, "UnprocessedQueryExecutionIds": missing}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        group = self._workgroups.find(payload.get("WorkGroup") or PRIMARY)
        newest = [query.id for query in self._history.newest_first() if query.request.workgroup == group.name]
        shown, more = page(newest, payload, 50)
        return {"QueryExecutionIds": shown, **more}

    def stop(self, payload: dict[str, Any]) -> dict[str, Any]:
        query = self._find(payload["QueryExecutionId"])
        query.cancel.set()
        if query.state is State.QUEUED:
            query.finish(State.CANCELLED, QueryCancelled().reason)
        elif query.state is State.RUNNING:
            self._executor.stop(query)
        return {}

    def results(self, payload: dict[str, Any]) -> dict[str, Any]:
        query = self._find(payload["QueryExecutionId"])
        if query.state is not State.SUCCEEDED:
            raise _no_results(query.state)
        size = int(payload.get("MaxResults", BLOCK))
        if not 1 <= size <= BLOCK:
            raise invalid_request(f"MaxResults must be between 1 and {BLOCK}.")
        start = offset_of(payload.get("NextToken"), query.id)
        rows = self._executor.result_rows(query, start, size)
        answer: dict[str, Any] = {
            "ResultSet": {
                "Rows": encoded_rows(rows),
                "ResultSetMetadata": {"ColumnInfo": query.columns},
            },
            "UpdateCount": query.update_count or 0,
        }
        if start + size < query.result_length:
            answer["NextToken"] = token_of(start + size, query.id)
        return answer

    def runtime_statistics(self, payload: dict[str, Any]) -> dict[str, Any]:
        query = self._find(payload["QueryExecutionId"])
        stats = query.run.stats
        timeline = query.describe()["Statistics"]
        found = {
            "Timeline": {member: timeline[member] for member in _TIMELINE},
            "Rows": {
                "InputRows": int(stats.get("processedRows", 0)),
                "InputBytes": query.bytes_scanned,
                "OutputBytes": query.result.size if query.result is not None else 0,
                "OutputRows": query.result.rows if query.result is not None else query.update_count or 0,
            },
        }
        return {"QueryRuntimeStatistics": found}

    def _run(self, query: Query) -> None:
        if not query.start():
            return
        try:
            self._await_engine(query)
            self._executor.execute(query)
        except QueryCancelled as stopped:
            query.finish(State.CANCELLED, stopped.reason)
        except QueryFailed as error:
            if query.cancel.is_set():
                query.finish(State.CANCELLED, QueryCancelled().reason)
            else:
                query.finish(State.FAILED, error.failure.reason, error.failure)
        except Exception as error:
            log.exception("query %s", query.id)
            failure = QueryFailed("GENERIC_INTERNAL_ERROR", str(error), "INTERNAL_ERROR").failure
            query.finish(State.FAILED, failure.reason, failure)
        else:
            # Before anyone is told that it is done: its rows are counted then.
            self._history.ended(query)
            query.finish(State.SUCCEEDED)

    def _await_engine(self, query: Query) -> None:
        """It may be starting again. Raises QueryCancelled, or QueryFailed when it does no more."""
        try:
            while not self._engine_ready(_STEP_SECONDS):
                if query.cancel.is_set():
                    raise QueryCancelled
        except LocalAwsError as error:
            reason = f"{error.what} ({error.why}) {error.todo}"
            raise QueryFailed("GENERIC_INTERNAL_ERROR", reason, "INTERNAL_ERROR") from error

    def _request(self, payload: dict[str, Any], text: str) -> Request:
        if not text.strip():
            raise invalid_request("Query string is empty", "INVALID_INPUT")
        if len(text.encode()) > LONGEST_QUERY:
            raise invalid_request(
                f"Query string exceeds the maximum length of {LONGEST_QUERY} bytes", "INVALID_INPUT"
            )
        group = self._workgroups.find(payload.get("WorkGroup") or PRIMARY)
        if group.state != "ENABLED":
            raise invalid_request(f"WorkGroup {group.name} is disabled.")
        context = payload.get("QueryExecutionContext") or {}
        parameters = tuple(payload.get("ExecutionParameters") or ())
        asked = payload.get("ResultConfiguration") or {}
        location = _output_location(asked, group)
        self._executor.require_bucket(location)
        # Clients quote it as Hive does (awswrangler), which Athena takes for the name itself.
        database = (context.get("Database") or "").strip("`").lower() or None
        return Request(
            text=text,
            statement=self._statement(text, parameters, group),
            workgroup=group.name,
            catalog=context.get("Catalog") or AWS_CATALOG,
            database=database,
            output_location=location,
            parameters=parameters,
            encryption=asked.get("EncryptionConfiguration"),
            bytes_cutoff=group.bytes_cutoff,
            token=payload.get("ClientRequestToken"),
        )

    def _statement(self, text: str, parameters: tuple[str, ...], group: WorkGroup) -> Statement:
        try:
            statement = parse(text)
            if isinstance(statement, Execute):
                kept = self._prepared.text(group.name, statement.name)
                return parse(bind(kept, statement.arguments or parameters))
            if parameters:
                return parse(bind(text, parameters))
        except MalformedStatementError as error:
            raise invalid_request(error.message, "MALFORMED_QUERY") from error
        return statement

    def _find(self, name: str) -> Query:
        query = self._history.find(name)
        if query is None:
            raise invalid_request(f"QueryExecution {name} was not found", "QUERY_EXECUTION_NOT_FOUND")
        return query


def _output_location(asked: dict[str, Any], group: WorkGroup) -> str:
    location = group.output_location if group.enforced and group.output_location else None
    location = location or asked.get("OutputLocation") or group.output_location
    if not location:
        raise invalid_request(
            "No output location provided. An output location is required either through the Workgroup result "
            "configuration setting or as an API input.",
        )
    if not location.startswith("s3://"):
        raise invalid_request("outputLocation is not a valid S3 path.")
    return str(location)


def _no_results(state: State) -> ApiError:
    if state is State.CANCELLED:
        return invalid_request("Could not find results", "RESULT_NOT_FOUND")
    said = f"Query has not yet finished. Current state: {state.value}"
    if state in FINAL:
        said = f"Query did not finish successfully. Final query state: {state.value}"
    return invalid_request(said, "INVALID_QUERY_EXECUTION_STATE")
