"""What tests share: one local AWS for the whole run, and its APIs alone."""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

import localaws
from localaws.launch import MISLEADING
from tests.python.localaws.served import Served, served
from tests.python.quick_boto import read_once

read_once()

# In CI the same examples every time: what fails is the change, and not the draw. Elsewhere others are tried.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


# What takes minutes, longest first: two processes that begin with these end together.
LONGEST = (
    "test_increments",
    "test_cards_curated",
    "test_demo_lake",
    "test_cards_book",
    "test_real_quotes",
    "test_soak",
    "test_cli",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the tests of these files before all others."""
    places = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: places.get(item.path.stem, len(LONGEST)))


@pytest.fixture(scope="session")
def local_aws() -> Iterator[localaws.LocalAws]:
    """A local AWS that every client in this process finds through its environment."""
    with pytest.MonkeyPatch.context() as patch:
        for name in MISLEADING:
            patch.delenv(name, raising=False)
        with localaws.running() as aws:
            for name, value in aws.environment().items():
                patch.setenv(name, value)
            yield aws


@pytest.fixture(scope="session")
def apis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The APIs alone, without the engine, in a process of their own."""
    with served(tmp_path_factory.mktemp("apis")) as server:
        yield server
