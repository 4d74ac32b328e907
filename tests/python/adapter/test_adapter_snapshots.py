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


class Snapshots:
    """One project with the snapshots of all strategies: each state is seen by all of them."""

    table_type = "hive"

    @pytest.fixture(scope="class")
    def project_config_update(self) -> dict[str, Any]:
        return {"snapshots": {"+table_type": self.table_type}}

    @pytest.fixture(scope="class")
    def seeds(self) -> dict[str, str]:
        return {"base.csv": files.seeds_base_csv, "grown.csv": GROWN, "renamed.csv": RENAMED}

    @pytest.fixture(scope="class")
    def snapshots(self) -> dict[str, str]:
        found = {
            "cc_all_snapshot.sql": files.cc_all_snapshot_sql,
            "cc_name_snapshot.sql": files.cc_name_snapshot_sql,
            "cc_date_snapshot.sql": files.cc_date_snapshot_sql,
            "ts_snapshot.sql": files.ts_snapshot_sql,
        }
        if self.table_type == "iceberg":
            found = {name: sql.replace(SOURCE, CAST) for name, sql in found.items()}
        return found

    def rows(self, project: Any, name: str, where: str = "true") -> int:
        relation = relation_from_name(project.adapter, name)
        found: int = project.run_sql(f"select count(*) from {relation} where {where}", fetch="one")[0]
        return found

    def test_every_state_is_kept(self, project: Any) -> None:
        run_dbt(["seed"])
        # Versions of rows after each state: all columns, names, dates, by timestamp.
        states = {"base": (10, 10, 10, 10), "grown": (21, 20, 21, 21), "renamed": (23, 22, 21, 21)}
        for seed, expected in states.items():
            results = run_dbt(["snapshot", "--vars", f"seed_name: {seed}"])
            assert {result.status for result in results} == {"success"}
            names = ("cc_all_snapshot", "cc_name_snapshot", "cc_date_snapshot", "ts_snapshot")
            assert tuple(self.rows(project, name) for name in names) == expected, seed
        for name in names:
            assert self.rows(project, name, "dbt_valid_to is null") == 20


@pytest.mark.shows("dbt-athena", "snapshots by check and by timestamp (Iceberg)")
class TestSnapshotsIceberg(Snapshots):
    table_type = "iceberg"


@pytest.mark.shows("dbt-athena", "snapshots by check and by timestamp (Hive)")
@pytest.mark.slow
class TestSnapshotsHive(Snapshots):
    pass
