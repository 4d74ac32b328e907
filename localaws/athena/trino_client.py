"""Statements to Trino and their pages back, over the trino client's requests; values as they come in JSON."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import requests
from trino.client import ClientSession, TrinoRequest
from trino.exceptions import HttpError, TrinoConnectionError, TrinoQueryError

from localaws.athena.errors import QueryFailed
from localaws.engine.address import TrinoAddress

USER = "athena"
# seconds for a connection, and for an answer of an engine that has everything else to do as well
PATIENCE = (10.0, 300.0)
Row = list[Any]


@dataclass(frozen=True, slots=True)
class EngineSession:
    """Where unqualified names are looked up, and Trino's session properties."""

    catalog: str
    schema: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class QueryRun:
    """What is known of a query while and after it runs."""

    query_id: str = ""
    columns: list[dict[str, Any]] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)
    update_type: str | None = None
    update_count: int | None = None


class TrinoClient:
    """One coordinator. Connections are kept per thread."""

    def __init__(self, address: TrinoAddress) -> None:
        self._address = address
        self._local = threading.local()

    def pages(
        self,
        sql: str,
        session: EngineSession,
        run: QueryRun,
        watch: Callable[[QueryRun], None],
    ) -> Iterator[list[Row]]:
        """Run a statement; its rows page by page; `run` is filled in as they come, and `watch` told.

        Raises QueryFailed with Trino's error. What `watch` raises stops the statement in Trino.
        """
        request = TrinoRequest(
            self._address.host,
            self._address.port,
            ClientSession(
                user=USER,
                catalog=session.catalog,
                schema=session.schema,
                source="localaws",
                properties=session.properties,
                timezone="UTC",
            ),
            http_session=self._session(),
            http_scheme="http",
            request_timeout=PATIENCE,
        )
        try:
            yield from _pages(request, sql, run, watch)
        except TrinoQueryError as error:
            raise failed(error) from error
        except (requests.RequestException, HttpError, TrinoConnectionError) as error:
            raise QueryFailed("GENERIC_INTERNAL_ERROR", "The engine went away", "INTERNAL_ERROR") from error

    def kill(self, query_id: str) -> None:
        """Stop a query, whoever waits for it."""
        url = f"http://{self._address.host}:{self._address.port}/v1/query/{query_id}"
        requests.delete(url, headers={"X-Trino-User": USER}, timeout=5)

    def _session(self) -> requests.Session:
        if not hasattr(self._local, "session"):
            self._local.session = requests.Session()
        session: requests.Session = self._local.session
        session.headers.clear()
        return session


def _pages(
    request: TrinoRequest, sql: str, run: QueryRun, watch: Callable[[QueryRun], None]
) -> Iterator[list[Row]]:
    # A statement that was sent and not answered may be running: sent again, it would run twice.
    attempts, request.max_attempts = request.max_attempts, 1
    status = request.process(request.post(sql))
    request.max_attempts = attempts
    run.query_id = status.id
    while True:
        # The stages are the bulk of it and nobody's concern: a run is remembered for long.
        run.stats = {name: value for name, value in status.stats.items() if name != "rootStage"}
        run.columns = status.columns or run.columns
        run.update_type = status.update_type or run.update_type
        run.update_count = status.update_count if status.update_count is not None else run.update_count
        try:
            watch(run)
            if status.rows:
                yield status.rows
        except (Exception, GeneratorExit):
            if status.next_uri:
                request.delete(status.next_uri)
            raise
        if not status.next_uri:
            return
        status = request.process(request.get(status.next_uri))


def failed(error: TrinoQueryError) -> QueryFailed:
    """Trino's error in Athena's words: the names are the same."""
    return QueryFailed(error.error_name or "GENERIC_INTERNAL_ERROR", error.message, error.error_type or "")
