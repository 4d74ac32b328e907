"""One code for both targets, and none of it leans on what is there for development alone."""

import ast
from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).parents[3]
PLACES = {"endpoint_url", "s3_staging_dir", "s3_data_dir", "poll_interval"}
FOR_DEVELOPMENT = {"samples", "localaws", "benchmarks", "demo", "tests"}


def test_targets_differ_in_where_and_how_often_they_ask_and_in_nothing_else() -> None:
    profiles = yaml.safe_load((PROJECT / "profiles.yml").read_text(encoding="utf-8"))
    local, aws = (profiles["finlake"]["outputs"][target] for target in ("local", "aws"))
    assert set(profiles["finlake"]["outputs"]) == {"local", "aws"}
    assert {key for key in local | aws if local.get(key) != aws.get(key)} == PLACES


@pytest.mark.parametrize(
    "path",
    sorted((PROJECT / "ingestion").rglob("*.py")),
    ids=lambda path: str(path.relative_to(PROJECT)),
)
def test_ingestion_imports_nothing_that_is_for_development(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    imported |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {name.split(".")[0] for name in imported} & FOR_DEVELOPMENT == set()
