"""One query: what was asked, where it stands, what it gave."""

import threading
import time
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from localaws.athena.errors import Failure
from localaws.athena.store import ResultFile
from localaws.athena.trino_client import QueryRun
from localaws.statements.model import Kind, Statement
from localaws.statements.plan import Output

ENGINE_VERSION = "Athena engine version 3"


class State(StrEnum):
    QUEUED = "QUEUED"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


FINAL = (State.SUCCEEDED, State.FAILED, State.CANCELLED)


@dataclass(frozen=True, slots=True)
class Request:
    """What StartQueryExecution was asked, defaults filled in."""

    text: str
    statement: Statement
    workgroup: str
    catalog: str
    database: str | None
    output_location: str
    parameters: tuple[str, ...] = ()
    encryption: dict[str, Any] | None = None
    bytes_cutoff: int | None = None
    token: str | None = None

    @property
    def asked(self) -> tuple[object, ...]:
        """What a second request with the same token must have in common with the first."""
        return self.text, self.workgroup, self.catalog, self.database, self.output_location, self.parameters


@dataclass(slots=True)
class Query:
    """A query and its state. `lock` guards the change of state alone, never the work."""

    id: str
    request: Request
    submitted: float = field(default_factory=time.time)
    state: State = State.QUEUED
    started: float | None = None
    completed: float | None = None
    reason: str | None = None
    failure: Failure | None = None
    run: QueryRun = field(default_factory=QueryRun)
    bytes_scanned: int = 0
    planning_ms: int = 0
    output: Output = Output.ROWS
    columns: list[dict[str, Any]] = field(default_factory=list)
    result: ResultFile | None = None
    lines: tuple[str, ...] = ()
    update_count: int | None = None
    manifest: str | None = None
    cancel: threading.Event = field(default_factory=threading.Event)
    done: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def kind(self) -> Kind:
        return self.request.statement.kind

    @property
    def output_location(self) -> str:
        """Where the result is or would be."""
        root = self.request.output_location.rstrip("/")
        if self.output in (Output.ROWS, Output.TEXT):
            return f"{root}/{self.id}.{self.output.value}"
        return f"{root}/tables/{self.id}" if self.output is Output.TABLE else f"{root}/{self.id}"

    @property
    def result_length(self) -> int:
        """Rows that GetQueryResults gives, the header of a SELECT among them."""
        return self.result.rows + 1 if self.result is not None else len(self.lines)

    def start(self) -> bool:
        """QUEUED → RUNNING; false when it was cancelled before."""
        with self.lock:
            if self.state is not State.QUEUED:
                return False
            self.state, self.started = State.RUNNING, time.time()
            return True

    def finish(self, state: State, reason: str | None = None, failure: Failure | None = None) -> None:
        """Into a final state, once."""
        with self.lock:
            if self.state not in FINAL:
                self.state, self.reason, self.failure = state, reason, failure
                self.completed = time.time()
        self.done.set()

    def describe(self) -> dict[str, Any]:
        """The QueryExecution of the API."""
        request = self.request
        context: dict[str, Any] = {"Catalog": request.catalog}
        if request.database is not None:
            context["Database"] = request.database
        configuration: dict[str, Any] = {"OutputLocation": self.output_location}
        if request.encryption:
            configuration["EncryptionConfiguration"] = request.encryption
        found: dict[str, Any] = {
            "QueryExecutionId": self.id,
            "Query": request.text,
            "StatementType": self.kind.statement_type,
            "SubstatementType": self.kind.substatement_type,
            "ResultConfiguration": configuration,
            "ResultReuseConfiguration": {"ResultReuseByAgeConfiguration": {"Enabled": False}},
            "QueryExecutionContext": context,
            "Status": self._status(),
            "Statistics": self._statistics(),
            "WorkGroup": request.workgroup,
            "EngineVersion": {
                "SelectedEngineVersion": ENGINE_VERSION,
                "EffectiveEngineVersion": ENGINE_VERSION,
            },
        }
        if request.parameters:
            found["ExecutionParameters"] = list(request.parameters)
        return found

    def _status(self) -> dict[str, Any]:
        status: dict[str, Any] = {"State": self.state.value, "SubmissionDateTime": self.submitted}
        if self.completed is not None:
            status["CompletionDateTime"] = self.completed
        if self.reason is not None:
            status["StateChangeReason"] = self.reason
        if self.failure is not None:
            status["AthenaError"] = self.failure.as_athena_error()
        return status

    def _statistics(self) -> dict[str, Any]:
        until = self.completed or time.time()
        started = self.started or until
        found: dict[str, Any] = {
            "EngineExecutionTimeInMillis": _milliseconds(until - started),
            "DataScannedInBytes": self.bytes_scanned,
            "TotalExecutionTimeInMillis": _milliseconds(until - self.submitted),
            "QueryQueueTimeInMillis": _milliseconds(started - self.submitted),
            "ServicePreProcessingTimeInMillis": 0,
            "QueryPlanningTimeInMillis": self.planning_ms,
            "ServiceProcessingTimeInMillis": 0,
            "ResultReuseInformation": {"ReusedPreviousResult": False},
        }
        if self.manifest is not None:
            found["DataManifestLocation"] = self.manifest
        return found


def _milliseconds(seconds: float) -> int:
    return max(0, round(seconds * 1000))
