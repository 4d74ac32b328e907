"""The Glue Data Catalog of the local AWS: moto's, with our layers on top."""

import threading

from localaws.catalog import functions, names, partitions, versions, views
from localaws.catalog.call import Answer, Call, Next, stacked
from localaws.catalog.statistics import ColumnStatistics

READING = ("Get", "BatchGet", "List", "BatchList", "Search", "Check", "Query")


class Catalog:
    """Answers Glue's operations. What changes the catalog goes one by one: an update of a table reads its version
    first, and nobody may come between."""

    def __init__(self, moto: Next) -> None:
        layers = [
            names.LAYERS,
            ColumnStatistics().layers(),
            functions.LAYERS,
            partitions.LAYERS,
            views.LAYERS,
            versions.LAYERS,
        ]
        self._answer = stacked(layers, moto)
        self._changing = threading.Lock()

    def handle(self, call: Call) -> Answer:
        """AWS's answer, errors included."""
        if call.operation.startswith(READING):
            return self._answer(call)
        with self._changing:
            return self._answer(call)
