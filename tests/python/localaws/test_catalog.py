"""The Glue catalog where AWS's has more than moto's."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from localaws.catalog.types import hive_type
from tests.python.localaws.served import Served

DATABASE = "catalog"


@pytest.fixture
def glue(apis: Served) -> Iterator[Any]:
    """Glue with an empty database."""
    client = apis.client("glue")
    client.create_database(DatabaseInput={"Name": DATABASE})
    yield client
    client.delete_database(Name=DATABASE)


def table(name: str = "t", **members: Any) -> dict[str, Any]:
    return {"DatabaseName": DATABASE, "TableInput": {"Name": name, **members}}


def code_of(error: pytest.ExceptionInfo[ClientError]) -> str:
    return str(error.value.response["Error"]["Code"])


class TestVersions:
    """An update says which version it has read."""

    def test_an_update_of_the_current_version_wins_and_the_next_one_of_it_loses(self, glue: Any) -> None:
        glue.create_table(**table())
        read = glue.get_table(DatabaseName=DATABASE, Name="t")["Table"]["VersionId"]

        glue.update_table(**table(Description="first"), VersionId=read)
        with pytest.raises(ClientError) as raised:
            glue.update_table(**table(Description="second"), VersionId=read)

        assert code_of(raised) == "ConcurrentModificationException"
        assert glue.get_table(DatabaseName=DATABASE, Name="t")["Table"]["Description"] == "first"

    def test_an_update_that_names_no_version_wins(self, glue: Any) -> None:
        glue.create_table(**table())

        glue.update_table(**table(Description="first"))
        glue.update_table(**table(Description="second"))

        assert glue.get_table(DatabaseName=DATABASE, Name="t")["Table"]["Description"] == "second"

    def test_versions_are_archived_unless_it_is_skipped(self, glue: Any) -> None:
        glue.create_table(**table())
        glue.update_table(**table(Description="archives the first"))
        glue.update_table(**table(Description="does not archive the second"), SkipArchive=True)

        versions = glue.get_table_versions(DatabaseName=DATABASE, TableName="t")["TableVersions"]

        assert sorted(version["VersionId"] for version in versions) == ["1", "3"]

    def test_archived_versions_are_deleted_several_at_once(self, glue: Any) -> None:
        glue.create_table(**table())
        glue.update_table(**table())
        glue.update_table(**table())

        answer = glue.batch_delete_table_version(DatabaseName=DATABASE, TableName="t", VersionIds=["1", "2"])

        assert answer.get("Errors", []) == []
        versions = glue.get_table_versions(DatabaseName=DATABASE, TableName="t")["TableVersions"]
        assert [version["VersionId"] for version in versions] == ["3"]

    def test_an_update_of_a_table_that_is_not_there_is_glues_error(self, glue: Any) -> None:
        with pytest.raises(ClientError) as raised:
            glue.update_table(**table("missing"), VersionId="1")

        assert code_of(raised) == "EntityNotFoundException"


def statistics(column: str, nulls: int) -> dict[str, Any]:
    data = {"Type": "LONG", "LongColumnStatisticsData": {"NumberOfNulls": nulls, "NumberOfDistinctValues": 3}}
    return {
        "ColumnName": column,
        "ColumnType": "bigint",
        "AnalyzedTime": "2026-01-02T03:04:05Z",
        "StatisticsData": data,
    }


def nulls(answer: dict[str, Any]) -> dict[str, int]:
    return {
        each["ColumnName"]: each["StatisticsData"]["LongColumnStatisticsData"]["NumberOfNulls"]
        for each in answer["ColumnStatisticsList"]
    }


class TestStatistics:
    """Statistics of columns are kept, given back, and gone with their owner."""

    OF_TABLE = {"DatabaseName": DATABASE, "TableName": "t"}  # noqa: RUF012
    OF_PARTITION = {**OF_TABLE, "PartitionValues": ["2026"]}  # noqa: RUF012

    def test_of_a_table(self, glue: Any) -> None:
        glue.create_table(**table())
        glue.update_column_statistics_for_table(
            **self.OF_TABLE, ColumnStatisticsList=[statistics("a", 1), statistics("b", 2)]
        )
        glue.update_column_statistics_for_table(**self.OF_TABLE, ColumnStatisticsList=[statistics("b", 5)])
        glue.delete_column_statistics_for_table(**self.OF_TABLE, ColumnName="a")

        answer = glue.get_column_statistics_for_table(**self.OF_TABLE, ColumnNames=["a", "b"])

        assert nulls(answer) == {"b": 5}
        assert [error["ColumnName"] for error in answer["Errors"]] == ["a"]

    def test_of_a_partition(self, glue: Any) -> None:
        glue.create_table(**table(PartitionKeys=[{"Name": "year", "Type": "string"}]))
        glue.create_partition(**self.OF_TABLE, PartitionInput={"Values": ["2026"]})
        glue.update_column_statistics_for_partition(
            **self.OF_PARTITION, ColumnStatisticsList=[statistics("a", 7)]
        )

        answer = glue.get_column_statistics_for_partition(**self.OF_PARTITION, ColumnNames=["a"])
        of_table = glue.get_column_statistics_for_table(**self.OF_TABLE, ColumnNames=["a"])

        assert nulls(answer) == {"a": 7}
        assert nulls(of_table) == {}

    def test_a_table_made_anew_has_none(self, glue: Any) -> None:
        glue.create_table(**table())
        glue.update_column_statistics_for_table(**self.OF_TABLE, ColumnStatisticsList=[statistics("a", 1)])
        glue.delete_table(DatabaseName=DATABASE, Name="t")
        glue.create_table(**table())

        answer = glue.get_column_statistics_for_table(**self.OF_TABLE, ColumnNames=["a"])

        assert nulls(answer) == {}

    def test_a_table_that_is_not_there_has_glues_error(self, glue: Any) -> None:
        with pytest.raises(ClientError) as raised:
            glue.get_column_statistics_for_table(**self.OF_TABLE, ColumnNames=["a"])

        assert code_of(raised) == "EntityNotFoundException"


def presto_view(*columns: dict[str, str]) -> str:
    view = {"originalSql": "select 1", "catalog": "awsdatacatalog", "columns": list(columns)}
    return f"/* Presto View: {base64.b64encode(json.dumps(view).encode()).decode()} */"


class TestViews:
    """A view that Trino writes gets the columns that Athena would write."""

    def test_columns_in_hives_types_with_comments(self, glue: Any) -> None:
        text = presto_view(
            {"name": "ticker", "type": "varchar"},
            {"name": "price", "type": "decimal(19,8)", "comment": "in BRL"},
        )

        glue.create_table(**table("v", TableType="VIRTUAL_VIEW", ViewOriginalText=text))

        assert self.columns(glue) == [
            {"Name": "ticker", "Type": "string"},
            {"Name": "price", "Type": "decimal(19,8)", "Comment": "in BRL"},
        ]

    def test_the_hive_connectors_dummy_column_is_replaced(self, glue: Any) -> None:
        dummy = {"Columns": [{"Name": "dummy", "Type": "string"}]}
        text = presto_view({"name": "a", "type": "bigint"})

        glue.create_table(
            **table("v", TableType="VIRTUAL_VIEW", ViewOriginalText=text, StorageDescriptor=dummy)
        )

        assert self.columns(glue) == [{"Name": "a", "Type": "bigint"}]

    def test_columns_that_a_client_has_described_stay(self, glue: Any) -> None:
        described = {"Columns": [{"Name": "a", "Type": "bigint", "Comment": "by dbt"}]}
        text = presto_view({"name": "a", "type": "bigint"})
        glue.create_table(**table("v", TableType="VIRTUAL_VIEW", ViewOriginalText=text))

        glue.update_table(
            **table("v", TableType="VIRTUAL_VIEW", ViewOriginalText=text, StorageDescriptor=described)
        )

        assert self.columns(glue) == described["Columns"]

    def test_a_description_does_not_take_the_mark_by_which_trino_knows_a_view(self, glue: Any) -> None:
        view = {
            "TableType": "VIRTUAL_VIEW",
            "ViewOriginalText": presto_view({"name": "a", "type": "bigint"}),
            "Parameters": {"presto_view": "true", "comment": "Presto View"},
        }
        glue.create_table(**table("v", **view))

        described = {
            **view,
            "Description": "by dbt",
            "Parameters": {"presto_view": "true", "comment": "by dbt"},
        }
        glue.update_table(**table("v", **described))

        found = glue.get_table(DatabaseName=DATABASE, Name="v")["Table"]
        assert (found["Parameters"]["comment"], found["Description"]) == ("Presto View", "by dbt")

    def columns(self, glue: Any) -> list[dict[str, str]]:
        found = glue.get_table(DatabaseName=DATABASE, Name="v")["Table"]["StorageDescriptor"]["Columns"]
        return [{name: value for name, value in column.items() if name != "Parameters"} for column in found]


def test_columns_of_an_iceberg_table_are_marked_as_fields_and_of_another_table_not(glue: Any) -> None:
    storage = {"Columns": [{"Name": "a", "Type": "bigint"}, {"Name": "b", "Type": "string"}]}
    glue.create_table(**table("i", StorageDescriptor=storage, Parameters={"table_type": "ICEBERG"}))
    glue.create_table(**table("h", StorageDescriptor=storage))

    columns = {
        name: glue.get_table(DatabaseName=DATABASE, Name=name)["Table"]["StorageDescriptor"]["Columns"]
        for name in ("i", "h")
    }

    assert [column["Parameters"]["iceberg.field.id"] for column in columns["i"]] == ["1", "2"]
    assert {column["Parameters"]["iceberg.field.current"] for column in columns["i"]} == {"true"}
    assert not any(column.get("Parameters") for column in columns["h"])


@pytest.mark.parametrize(
    ("trino", "hive"),
    [
        ("boolean", "boolean"),
        ("integer", "int"),
        ("bigint", "bigint"),
        ("real", "float"),
        ("double", "double"),
        ("varchar", "string"),
        ("varchar(10)", "varchar(10)"),
        ("char(3)", "char(3)"),
        ("varbinary", "binary"),
        ("date", "date"),
        ("timestamp(6)", "timestamp"),
        ("timestamp(6) with time zone", "timestamp with time zone"),
        ("decimal(18,4)", "decimal(18,4)"),
        ("array(varchar)", "array<string>"),
        ("map(varchar,array(integer))", "map<string,array<int>>"),
        ('row("a" integer,"b c" row("d" decimal(10,2)))', "struct<a:int,b c:struct<d:decimal(10,2)>>"),
        ("row(integer,varchar)", "struct<field0:int,field1:string>"),
    ],
)
def test_trinos_types_in_hives_words(trino: str, hive: str) -> None:
    assert hive_type(trino) == hive


def test_partitions_in_segments_come_once_each(glue: Any) -> None:
    glue.create_table(**table(PartitionKeys=[{"Name": "day", "Type": "string"}]))
    days = [f"{day:02}" for day in range(1, 24)]
    glue.batch_create_partition(
        DatabaseName=DATABASE, TableName="t", PartitionInputList=[{"Values": [day]} for day in days]
    )

    segments = [
        glue.get_partitions(
            DatabaseName=DATABASE, TableName="t", Segment={"SegmentNumber": number, "TotalSegments": 5}
        )["Partitions"]
        for number in range(5)
    ]

    assert sorted(each["Values"][0] for segment in segments for each in segment) == days


@pytest.fixture
def sales(glue: Any) -> Any:
    """A table of five partitions: one column of each kind."""
    keys = [
        ("day", "date"),
        ("n", "int"),
        ("store", "string"),
        ("code", "char(3)"),
        ("price", "decimal(9,2)"),
    ]
    described = [{"Name": name, "Type": kind} for name, kind in keys]
    glue.create_table(**table("sales", PartitionKeys=described))
    values = [
        ["2024-01-31", "9", "a", "x", "1.50"],
        ["2024-02-01", "10", "it's", "xy ", "10.00"],
        ["2024-02-29", "-3", "a_b", "xyz", "9.99"],
        ["2024-12-31", "100", "100%", " ", "0.00"],
        ["__HIVE_DEFAULT_PARTITION__", "7", "[a]", "z", "7.00"],
    ]
    partitions = [{"Values": each} for each in values]
    glue.batch_create_partition(DatabaseName=DATABASE, TableName="sales", PartitionInputList=partitions)
    return glue


@pytest.mark.parametrize(
    ("expression", "numbers"),
    [
        ("", [9, 10, -3, 100, 7]),
        ("n > 9", [10, 100]),
        ("9 < n", [10, 100]),
        ("n = -3", [-3]),
        ("N in (7, 9)", [9, 7]),
        ("n not in (7, 9)", [10, -3, 100]),
        ("day >= '2024-02-01'", [10, -3, 100]),
        ("day between '2024-02-01' and '2024-02-29'", [10, -3]),
        ("day = date '2024-01-31'", [9]),
        ("not (day < '2024-02-01')", [10, -3, 100]),
        ("day is null", [7]),
        ("day is not null and n < 0", [-3]),
        ("store = 'it''s'", [10]),
        ("store like 'a_b'", [-3]),
        ("store like '%a%'", [9, -3, 7]),
        ("store like '[a]'", [7]),
        ("store <> 'a'", [10, -3, 100, 7]),
        ("code = 'xy'", [10]),
        ("code in ('xy ', 'xyz')", [10, -3]),
        ("price > 9.99", [10]),
        ("(price = 1.5) or ((price = 7))", [9, 7]),
        ("((n = 9) AND (\"store\" = 'a'))", [9]),
    ],
)
def test_partitions_by_an_expression(sales: Any, expression: str, numbers: list[int]) -> None:
    found = sales.get_partitions(DatabaseName=DATABASE, TableName="sales", Expression=expression)

    assert [int(each["Values"][1]) for each in found["Partitions"]] == numbers


@pytest.mark.parametrize(
    "expression", ["n >", "unknown = 1", "1 = 1", "n + 1 = 2", "day = 'today'", "abs(n) = 1"]
)
def test_an_expression_that_cannot_be_judged_is_refused(sales: Any, expression: str) -> None:
    with pytest.raises(ClientError) as raised:
        sales.get_partitions(DatabaseName=DATABASE, TableName="sales", Expression=expression)

    assert code_of(raised) == "InvalidInputException"


def test_names_are_folded_to_lower_case(glue: Any) -> None:
    glue.create_table(DatabaseName="Catalog", TableInput={"Name": "Quotes"})

    assert glue.get_table(DatabaseName="CATALOG", Name="QUOTES")["Table"]["Name"] == "quotes"
    assert [found["Name"] for found in glue.get_tables(DatabaseName=DATABASE)["TableList"]] == ["quotes"]
    glue.batch_delete_table(DatabaseName=DATABASE, TablesToDelete=["QUOTES"])
    assert glue.get_tables(DatabaseName=DATABASE)["TableList"] == []


def test_a_database_has_no_functions(glue: Any) -> None:
    assert glue.get_user_defined_functions(DatabaseName=DATABASE, Pattern=".*")["UserDefinedFunctions"] == []
    with pytest.raises(ClientError) as raised:
        glue.get_user_defined_function(DatabaseName=DATABASE, FunctionName="f")
    assert code_of(raised) == "EntityNotFoundException"
