# mypy: disable-error-code="no-redef"
"""dbt's own adapter suite (dbt-tests-adapter) against the local AWS, in this process.

Marked `slow` is what repeats another test on the other table format, or takes long: `-m slow` runs it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from dbt.tests.fixtures.project import *  # noqa: F403 (dbt's fixtures, all of them)

import localaws

HERE = Path(__file__).parent


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Everything here needs the engine; what is slow runs when it is asked for by name."""
    asked = "slow" in config.option.markexpr
    left_out = []
    for item in items:
        if not item.path.is_relative_to(HERE):
            continue
        item.add_marker(pytest.mark.integration)
        item.add_marker(pytest.mark.filterwarnings("ignore"))
        if item.get_closest_marker("slow") and not asked:
            left_out.append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="class")
def dbt_profile_target(local_aws: localaws.LocalAws) -> dict[str, Any]:
    """The profile that dbt's fixtures write: the local AWS and nothing of this machine."""
    environment = local_aws.environment()
    return {
        "type": "athena",
        "region_name": environment["AWS_DEFAULT_REGION"],
        "endpoint_url": local_aws.endpoint_url,
        "database": "awsdatacatalog",
        "s3_staging_dir": f"s3://{local_aws.bucket}/athena-results/dbt/",
        "s3_data_dir": f"s3://{local_aws.bucket}/dbt/",
        "threads": 4,
        "poll_interval": 0.02,
        "num_retries": 0,
        "num_iceberg_retries": 5,
    }


@pytest.fixture(scope="class")
def profile_user() -> None:
    """Athena's relations have no owner."""
    return


@pytest.fixture(scope="class")
def logs_dir(prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """dbt's logs go where the other files of the test are."""
    folder = str(tmp_path_factory.mktemp(f"logs_{prefix}"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_LOG_PATH", folder)
        yield folder
