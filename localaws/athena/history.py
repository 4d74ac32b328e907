"""The queries that are remembered: a bounded number of them, and fewer with rows in memory."""

import threading
from collections import deque

from localaws.athena.query import FINAL, Query

# Athena keeps a query's execution for 45 days; a server that is up so long should not need more than these.
MOST_QUERIES = 10_000
MOST_WITH_ROWS = 100


class History:
    """Queries by id, the oldest first. One that has not ended is never forgotten."""

    def __init__(self, most: int = MOST_QUERIES, most_with_rows: int = MOST_WITH_ROWS) -> None:
        self._most = most
        self._most_with_rows = most_with_rows
        self._queries: dict[str, Query] = {}
        self._tokens: dict[str, Query] = {}
        self._with_rows: deque[Query] = deque()
        self._lock = threading.Lock()

    def of_token(self, token: str | None) -> Query | None:
        """The query that was started with this ClientRequestToken."""
        return None if token is None else self._tokens.get(token)

    def add(self, query: Query) -> Query:
        """Remember it; the query its token stands for, which is an earlier one when requests cross."""
        with self._lock:
            token = query.request.token
            if token is not None and (first := self._tokens.setdefault(token, query)) is not query:
                return first
            self._queries[query.id] = query
            self._forget()
            return query

    def find(self, name: str) -> Query | None:
        return self._queries.get(name)

    def newest_first(self) -> list[Query]:
        return list(reversed(list(self._queries.values())))

    def ended(self, query: Query) -> None:
        """It has ended: its rows are in memory until enough others have, and then read from S3."""
        if query.result is None:
            return
        with self._lock:
            self._with_rows.append(query)
            while len(self._with_rows) > self._most_with_rows:
                oldest = self._with_rows.popleft()
                if oldest.result is not None:
                    oldest.result.first = []

    def _forget(self) -> None:
        surplus = len(self._queries) - self._most
        if surplus <= 0:
            return
        ended = [query for query in self._queries.values() if query.state in FINAL]
        for query in ended[:surplus]:
            del self._queries[query.id]
            if query.request.token is not None:
                self._tokens.pop(query.request.token, None)
