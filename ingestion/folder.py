"""Which files of a folder are landed: by what they begin with, whatever they are called."""

from dataclasses import dataclass
from pathlib import Path

from ingestion.entity import Entity
from ingestion.keep import Received
from ingestion.text import ZIP_MAGIC

SUFFIXES = (".zip", ".txt")


@dataclass(frozen=True, slots=True)
class Folder:
    """The files to land, by name, and the names of what else is there; a folder's ends with a slash."""

    files: list[Received]
    left_out: list[str]


def look_into(path: Path, entity: Entity) -> Folder:
    """The file at `path`, or the files of the folder there that begin like a ZIP or like the entity's text.

    A file called *.zip or *.txt is always among them, so that it is told what is wrong with it.
    """
    if path.is_file():
        return Folder([Received(path, str(path))], [])
    entries = sorted(path.iterdir())
    files = [entry for entry in entries if entry.is_file() and _is_for(entry, entity)]
    left_out = [f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries if entry not in files]
    return Folder([Received(file, str(file)) for file in files], left_out)


def _is_for(file: Path, entity: Entity) -> bool:
    return file.suffix.lower() in SUFFIXES or _beginning(file).startswith((*ZIP_MAGIC, entity.begins))


def _beginning(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(64)
