"""What tests share: one local AWS for the whole run."""

from collections.abc import Iterator

import pytest

import localaws
from localaws.launch import MISLEADING


@pytest.fixture(scope="session")
def local_aws() -> Iterator[localaws.LocalAws]:
    """A local AWS that every client in this process finds through its environment."""
    with pytest.MonkeyPatch.context() as patch, localaws.running() as aws:
        for name in MISLEADING:
            patch.delenv(name, raising=False)
        for name, value in aws.environment().items():
            patch.setenv(name, value)
        yield aws
