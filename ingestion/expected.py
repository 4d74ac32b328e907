"""The columns that files have to bring, as the source's yml declares them for everybody."""

from dataclasses import dataclass
from pathlib import Path

import yaml

STAGING = Path(__file__).parents[1] / "models" / "staging"


@dataclass(frozen=True, slots=True)
class RawTable:
    """A raw table as it is declared: the columns expected of its files, and what each column means."""

    name: str
    description: str
    expected: tuple[str, ...]
    comments: dict[str, str]


def sources_of(domain: str) -> Path:
    """The yml in which a domain declares its raw tables."""
    return STAGING / domain / f"_{domain}__sources.yml"


def raw_table(name: str, path: Path, marked: bool = True) -> RawTable:
    """The raw table `name` in a sources yml. Raises ValueError when it is not there, or expects nothing.

    Where the columns are not `marked`, what a file has to bring depends on its form, and its reader knows it.
    """
    sources = yaml.safe_load(path.read_text(encoding="utf-8"))["sources"]
    tables = [table for source in sources for table in source["tables"] if table["name"] == name]
    if not tables:
        raise ValueError(f"{path} declares no table {name}")
    columns = tables[0]["columns"]
    expected = tuple(one["name"] for one in columns if one.get("meta", {}).get("expected"))
    if marked != bool(expected):
        raise ValueError(f"{path}: {'no' if marked else 'a'} column of {name} is marked as expected")
    comments = {one["name"]: " ".join(one["description"].split()) for one in columns}
    return RawTable(name, " ".join(tables[0]["description"].split()), expected, comments)
