"""Every kind of file that there is a raw table of."""

from ingestion.b3 import corporate_actions, cotahist, index_levels, index_portfolio
from ingestion.cards.entities import FILES
from ingestion.entity import Entity

ENTITIES: tuple[Entity, ...] = (
    cotahist.ENTITY,
    index_levels.ENTITY,
    index_portfolio.ENTITY,
    corporate_actions.ENTITY,
    *FILES.entities,
)
