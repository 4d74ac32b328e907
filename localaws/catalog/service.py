"""The Glue Data Catalog of the local AWS: moto's, with our layers on top."""

import threading
from collections.abc import Callable

from localaws.catalog import functions, iceberg, names, partitions, versions, views
from localaws.catalog.call import Answer, Call, Next, stacked
from localaws.catalog.statistics import ColumnStatistics

READING = ("Get", "BatchGet", "List", "BatchList", "Search", "Check", "Query")


class Catalog:
    """Answers Glue's operations.

    What changes the catalog goes one by one: an update of a table looks at its version first, and nobody may
    come between. `on_change` is told in the same order.
    """

    def __init__(self, moto: Next, on_change: Callable[[Call], None]) -> None:
        layers = [
            names.LAYERS,
            ColumnStatistics().layers(),
            functions.LAYERS,
            partitions.LAYERS,
            views.LAYERS,
            iceberg.LAYERS,
            versions.LAYERS,
        ]
        self._answer = stacked(layers, moto)
        self._on_change = on_change
        self._changing = threading.Lock()

    def handle(self, call: Call) -> Answer:
        """AWS's answer, errors included."""
        if call.operation.startswith(READING):
            return self._answer(call)
        with self._changing:
            answer = self._answer(call)
            if answer.ok:
                self._on_change(call)
            return answer

    def version_made_by(self, call: Call) -> str | None:
        """The table's version after such a call; none when it is about something else. For `on_change`."""
        return versions.current_version(call, self._answer) if call.operation in versions.MAKING else None

    def replay(self, call: Call, version: str | None) -> Answer:
        """The same at the start, for what was told to `on_change` before; it makes this version."""
        answer = self._answer(call)
        if answer.ok and version is not None:
            versions.number_current(call, version)
        return answer
