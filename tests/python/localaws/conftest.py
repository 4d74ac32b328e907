"""What the tests of the local AWS add to pytest."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "shows(client, *what): what docs/local-aws-clients.md says of this")
