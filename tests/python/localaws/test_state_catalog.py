"""The data folder: the Glue catalog is there again, also after a kill -9."""

from pathlib import Path
from typing import Any

from tests.python.localaws.served import served


class TestCatalog:
    """The Glue catalog, as it was."""

    def test_it_is_there_again(self, tmp_path: Path) -> None:
        data = tmp_path / "data"
        with served(tmp_path, data) as server:
            glue = server.client("glue")
            self.change_everything(glue)
            before = self.everything(glue)
            server.process.kill()
            server.process.wait()

        with served(tmp_path, data) as server:
            glue = server.client("glue")
            after = self.everything(glue)
            # It can be worked on: the version that is read is the one that an update names.
            read = glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"]
            glue.update_table(DatabaseName="d", TableInput={"Name": "t"}, VersionId=read)

        assert after == before
        assert [found["Name"] for found in after["tables"]] == ["anew", "t"]
        # 1 and 4 were forgotten by the updates after them, 3 was deleted.
        assert after["versions"] == {"2": "0", "5": "3", "6": "4"}
        assert after["tables"][1]["Parameters"] == {"metadata_location": "4"}
        assert after["statistics"] == [{"ColumnName": "a", "ColumnType": "bigint"}]
        assert [found["Values"] for found in after["partitions"]] == [["1"], ["3"]]

    def change_everything(self, glue: Any) -> None:
        for database in ("d", "gone"):
            glue.create_database(DatabaseInput={"Name": database})
            for name in ("t", "dropped", "anew"):
                keys = [{"Name": "k", "Type": "string"}]
                glue.create_table(DatabaseName=database, TableInput={"Name": name, "PartitionKeys": keys})
        for number in range(5):
            read = glue.get_table(DatabaseName="d", Name="t")["Table"]["VersionId"]
            parameters = {"metadata_location": str(number)}
            glue.update_table(
                DatabaseName="d",
                TableInput={"Name": "t", "Parameters": parameters},
                VersionId=read,
                SkipArchive=number in (0, 3),
            )
        glue.delete_table_version(DatabaseName="d", TableName="t", VersionId="3")
        of_table = {"DatabaseName": "d", "TableName": "t"}
        values = [{"Values": [value]} for value in ("1", "2", "3")]
        glue.batch_create_partition(**of_table, PartitionInputList=values)
        glue.delete_partition(**of_table, PartitionValues=["2"])
        glue.update_column_statistics_for_table(
            **of_table,
            ColumnStatisticsList=[
                {
                    "ColumnName": "a",
                    "ColumnType": "bigint",
                    "AnalyzedTime": "2026-01-02T03:04:05Z",
                    "StatisticsData": {
                        "Type": "LONG",
                        "LongColumnStatisticsData": {"NumberOfNulls": 1, "NumberOfDistinctValues": 2},
                    },
                }
            ],
        )
        glue.delete_table(DatabaseName="d", Name="dropped")
        glue.delete_table(DatabaseName="d", Name="anew")
        glue.create_table(DatabaseName="d", TableInput={"Name": "anew"})
        glue.delete_database(Name="gone")

    def everything(self, glue: Any) -> dict[str, Any]:
        of_table = {"DatabaseName": "d", "TableName": "t"}
        statistics = glue.get_column_statistics_for_table(**of_table, ColumnNames=["a"])
        tables = glue.get_tables(DatabaseName="d")["TableList"]
        return {
            "databases": [found["Name"] for found in glue.get_databases()["DatabaseList"]],
            "tables": sorted((to_the_second(found) for found in tables), key=lambda found: found["Name"]),
            "versions": {
                found["VersionId"]: found["Table"]["Parameters"]["metadata_location"]
                for found in glue.get_table_versions(**of_table)["TableVersions"]
            },
            "partitions": [
                {"Values": found["Values"]} for found in glue.get_partitions(**of_table)["Partitions"]
            ],
            "statistics": [
                {name: found[name] for name in ("ColumnName", "ColumnType")}
                for found in statistics["ColumnStatisticsList"]
            ],
        }


def to_the_second(table: dict[str, Any]) -> dict[str, Any]:
    """Times come back to some milliseconds."""
    return {
        name: value.replace(microsecond=0) if name.endswith("Time") else value
        for name, value in table.items()
    }
