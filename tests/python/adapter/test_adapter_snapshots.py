# mypy: allow-subclassing-any
"""Snapshots by check and by timestamp, on Hive and on Iceberg.

The suite updates its seeds in place, which Hive tables refuse: here every state is a seed of its own.
"""

from typing import Any

import pytest
from dbt.tests.adapter.basic import files
from dbt.tests.util import relation_from_name, run_dbt

GROWN = files.seeds_added_csv.replace("1,Easton,1981-05-20T06:46:51", "1,Easton,1981-05-20T06:47:00")
RENAMED = GROWN.replace("Easton", "Eve").replace("Lillian", "Lia")
SOURCE = "select * from {{ ref(var('seed_name', 'base')) }}"
CAST = (
    "select id, name, cast(some_date as timestamp(6)) as some_date from {{ ref(var('seed_name', 'base')) }}"
)


# Versions of rows after each state.
VERSIONS = {
    "cc_all_snapshot": {"base": 10, "grown": 21, "renamed": 23},
    "cc_name_snapshot": {"base": 10, "grown": 20, "renamed": 22},
    "cc_date_snapshot": {"base": 10, "grown": 21, "renamed": 21},
    "ts_snapshot": {"base": 10, "grown": 21, "renamed": 21},
}


class Snapshots:
    """One project with snapshots of several strategies: each state is seen by all of them."""

    table_type = "hive"
    names: tuple[str, ...] = tuple(VERSIONS)

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"snapshots": {"+table_type": self.table_type}}

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"base.csv": files.seeds_base_csv, "grown.csv": GROWN, "renamed.csv": RENAMED}

    @pytest.fixture(scope="class")
    def snapshots(self) -> dict[str, str]:
        found = {f"{name}.sql": str(getattr(files, f"{name}_sql")) for name in self.names}
        if self.table_type == "iceberg":
            found = {name: sql.replace(SOURCE, CAST) for name, sql in found.items()}
        return found

    def rows(self, project: Any, name: str, where: str = "true") -> int:
        relation = relation_from_name(project.adapter, name)
        found: int = project.run_sql(f"select count(*) from {relation} where {where}", fetch="one")[0]
        return found

    def test_every_state_is_kept(self, project: Any) -> None:
        run_dbt(["seed"])
        for state in ("base", "grown", "renamed"):
            results = run_dbt(["snapshot", "--vars", f"seed_name: {state}"])
            assert {result.status for result in results} == {"success"}
            for name in self.names:
                assert self.rows(project, name) == VERSIONS[name][state], f"{name} after {state}"
        for name in self.names:
            assert self.rows(project, name, "dbt_valid_to is null") == 20


@pytest.mark.shows("dbt-athena", "snapshots by check and by timestamp (Iceberg)")
class TestSnapshotsIceberg(Snapshots):
    table_type = "iceberg"
    names = ("cc_all_snapshot", "ts_snapshot")


@pytest.mark.shows("dbt-athena", "snapshots by check and by timestamp (Hive)")
@pytest.mark.slow
class TestSnapshotsHive(Snapshots):
    pass
