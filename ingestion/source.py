"""What one command lands: of which entity a file is, and which files of a folder are meant."""

from collections.abc import Callable
from dataclasses import dataclass

import boto3

from ingestion.entity import Entity
from ingestion.lake import Lake
from ingestion.report import Outcome
from ingestion.text import ZIP_MAGIC

Remarks = Callable[[list[Outcome], Lake, boto3.Session], list[str]]


@dataclass(frozen=True, slots=True)
class Source:
    """Files that are landed by one command.

    `entity_of` tells the entity of a file by its name; `entities` are those that have a raw table. Of a
    folder's files those with one of the `suffixes` (lower case) are landed, and where `beginnings` are given,
    those that begin like one of them; `what` says that in words. `remarks` are made when all is landed: what
    people should know although no file is to blame.
    """

    entities: tuple[Entity, ...]
    entity_of: Callable[[str], Entity]
    suffixes: tuple[str, ...]
    beginnings: tuple[bytes, ...]
    what: str
    remarks: Remarks = lambda _outcomes, _lake, _session: []


def alone(entity: Entity) -> Source:
    """The source of one entity, whose files may have any name."""
    return Source(
        entities=(entity,),
        entity_of=lambda _: entity,
        suffixes=(".zip", ".txt"),
        beginnings=(*ZIP_MAGIC, entity.begins),
        what=f"a *.zip, a *.txt or a file that begins like a ZIP or like a text of {entity.name}",
    )
