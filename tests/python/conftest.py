"""What tests share: one local AWS for the whole run, and its APIs alone."""

import os
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager

import pytest
from hypothesis import settings

import localaws
from localaws.launch import MISLEADING
from tests.python.localaws.served import Served, served
from tests.python.quick_boto import read_once
from tests.python.shared_aws import asked, offered

read_once()

# In CI the same examples every time: what fails is the change, and not the draw. Elsewhere others are tried.
settings.register_profile("ci", derandomize=True, deadline=None, print_blob=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


OFFER = pytest.StashKey[ExitStack]()
ADDRESS = "FINLAKE_TESTS_AWS"

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


def pytest_configure(config: pytest.Config) -> None:
    """Offer one local AWS to all processes of this run: those that it starts find where to ask."""
    if ADDRESS not in os.environ:
        config.stash[OFFER] = stack = ExitStack()
        os.environ[ADDRESS] = stack.enter_context(offered())
        config.add_cleanup(stack.close)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """End it before the lines that it has run are counted."""
    try:
        return (yield)
    finally:
        if OFFER in session.config.stash:
            session.config.stash[OFFER].close()


@pytest.fixture(scope="session")
def local_aws() -> Iterator[localaws.LocalAws]:
    """The local AWS of the whole run; every client in this process finds it through its environment."""
    aws = asked(os.environ[ADDRESS])
    with _found_by_clients(aws):
        yield aws


@pytest.fixture(scope="module")
def own_aws() -> Iterator[localaws.LocalAws]:
    """One in this process, for tests that reach into it or break it: clients find it meanwhile."""
    with localaws.running() as aws, _found_by_clients(aws):
        yield aws


@contextmanager
def _found_by_clients(aws: localaws.LocalAws) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in MISLEADING:
            patch.delenv(name, raising=False)
        for name, value in aws.environment().items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session")
def apis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The APIs alone, without the engine, in a process of their own."""
    with served(tmp_path_factory.mktemp("apis")) as server:
        yield server
