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
