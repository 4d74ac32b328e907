"""Every kind of file that there is a raw table of."""

from ingestion.b3 import cotahist
from ingestion.cards.entities import FILES
from ingestion.entity import Entity

ENTITIES: tuple[Entity, ...] = (cotahist.ENTITY, *FILES.entities)
