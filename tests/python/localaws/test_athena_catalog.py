"""What Athena keeps besides queries: workgroups, saved texts, catalogs, tags."""

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from localaws.athena.errors import ApiError
from localaws.athena.paging import page
from localaws.athena.saved import NamedQueries, PreparedStatements
from localaws.athena.tags import Tags
from localaws.athena.workgroups import WorkGroups

if TYPE_CHECKING:
    from tests.python.localaws.athena_client import Athena

pytest_plugins = ("athena_client",)


def test_primary_is_there_and_stays() -> None:
    groups = WorkGroups()
    assert groups.get({"WorkGroup": "primary"})["WorkGroup"]["State"] == "ENABLED"
    with pytest.raises(ApiError, match="cannot be deleted"):
        groups.delete({"WorkGroup": "primary"})


def test_a_workgroups_life() -> None:
    groups = WorkGroups()
    location = {
        "ResultConfiguration": {"OutputLocation": "s3://results/"},
        "BytesScannedCutoffPerQuery": 10_000_000,
    }
    groups.create({"Name": "team", "Description": "ours", "Configuration": location})
    with pytest.raises(ApiError, match="already created"):
        groups.create({"Name": "team"})
    described = groups.get({"WorkGroup": "team"})["WorkGroup"]
    assert described["Description"] == "ours"
    assert described["Configuration"]["EnforceWorkGroupConfiguration"] is True
    assert described["Configuration"]["ResultConfiguration"] == {"OutputLocation": "s3://results/"}
    updates = {
        "ResultConfigurationUpdates": {"RemoveOutputLocation": True},
        "RemoveBytesScannedCutoffPerQuery": True,
        "EnforceWorkGroupConfiguration": False,
    }
    groups.update({"WorkGroup": "team", "State": "DISABLED", "ConfigurationUpdates": updates})
    team = groups.find("team")
    assert (team.output_location, team.bytes_cutoff, team.enforced, team.state) == (
        None,
        None,
        False,
        "DISABLED",
    )
    assert [group["Name"] for group in groups.listing({})["WorkGroups"]] == ["primary", "team"]
    groups.delete({"WorkGroup": "team"})
    with pytest.raises(ApiError, match="WorkGroup team is not found"):
        groups.get({"WorkGroup": "team"})


def test_a_named_querys_life() -> None:
    queries = NamedQueries()
    asked = {"Name": "n", "Database": "db", "QueryString": "select 1", "ClientRequestToken": "t" * 32}
    made = queries.create(asked)["NamedQueryId"]
    assert queries.create(asked)["NamedQueryId"] == made
    queries.update({"NamedQueryId": made, "Name": "m", "QueryString": "select 2"})
    found = queries.get({"NamedQueryId": made})["NamedQuery"]
    assert (found["Name"], found["QueryString"], found["WorkGroup"]) == ("m", "select 2", "primary")
    batch = queries.batch_get({"NamedQueryIds": [made, "nosuch"]})
    assert [query["NamedQueryId"] for query in batch["NamedQueries"]] == [made]
    assert [query["NamedQueryId"] for query in batch["UnprocessedNamedQueryIds"]] == ["nosuch"]
    assert queries.listing({}) == {"NamedQueryIds": [made]}
    queries.delete({"NamedQueryId": made})
    with pytest.raises(ApiError, match="was not found"):
        queries.get({"NamedQueryId": made})


def test_a_prepared_statements_life() -> None:
    statements = PreparedStatements()
    key = {"WorkGroup": "primary", "StatementName": "P"}
    statements.create({**key, "QueryStatement": "select ?"})
    with pytest.raises(ApiError, match="already exists"):
        statements.create({**key, "QueryStatement": "select ?"})
    statements.update({**key, "QueryStatement": "select ?, ?"})
    assert statements.text("primary", "p") == "select ?, ?"
    batch = statements.batch_get({"WorkGroup": "primary", "PreparedStatementNames": ["p", "nosuch"]})
    assert [found["StatementName"] for found in batch["PreparedStatements"]] == ["p"]
    assert [found["StatementName"] for found in batch["UnprocessedPreparedStatementNames"]] == ["nosuch"]
    assert [found["StatementName"] for found in statements.listing(key)["PreparedStatements"]] == ["p"]
    statements.delete(key)
    with pytest.raises(ApiError) as raised:
        statements.get(key)
    assert raised.value.code == "ResourceNotFoundException"


def test_tags_are_kept() -> None:
    tags = Tags()
    tags.tag({"ResourceARN": "arn", "Tags": [{"Key": "b", "Value": "2"}, {"Key": "a", "Value": "1"}]})
    tags.untag({"ResourceARN": "arn", "TagKeys": ["b", "nosuch"]})
    assert tags.listing({"ResourceARN": "arn"}) == {"Tags": [{"Key": "a", "Value": "1"}]}


def test_tags_come_with_a_workgroup_and_go_with_it() -> None:
    groups, tags = WorkGroups(), Tags()
    create = tags.creating("workgroup", groups.create)
    delete = tags.deleting("workgroup", "WorkGroup", groups.delete)
    arn = {"ResourceARN": "arn:aws:athena:sa-east-1::workgroup/tagged"}
    create({"Name": "tagged", "Tags": [{"Key": "domain", "Value": "tests"}]})
    assert tags.listing(arn)["Tags"] == [{"Key": "domain", "Value": "tests"}]
    delete({"WorkGroup": "tagged"})
    assert tags.listing(arn)["Tags"] == []


def test_pages() -> None:
    first, more = page(list(range(5)), {"MaxResults": 2}, 50)
    second, rest = page(list(range(5)), {"MaxResults": 3, **more}, 50)
    assert (first, second, rest) == ([0, 1], [2, 3, 4], {})
    refused: list[dict[str, Any]] = [{"NextToken": "no token"}, {"MaxResults": 51}]
    for payload in refused:
        with pytest.raises(ApiError):
            page([1], payload, 50)


@pytest.mark.integration
def test_catalog_databases_and_tables_are_described(athena: "Athena") -> None:
    athena.do(
        "create external table described (id int comment 'key') partitioned by (dt string) stored as parquet "
        f"location '{athena.place('described')}/'"
    )
    where = {"CatalogName": "AwsDataCatalog", "DatabaseName": athena.database}
    assert athena.client.get_data_catalog(Name="awsdatacatalog")["DataCatalog"]["Type"] == "GLUE"
    assert athena.client.get_database(**where)["Database"]["Name"] == athena.database
    pages = athena.client.get_paginator("list_databases").paginate(CatalogName="AwsDataCatalog")
    assert athena.database in [database["Name"] for page in pages for database in page["DatabaseList"]]
    table = athena.client.get_table_metadata(**where, TableName="described")["TableMetadata"]
    assert table["Columns"] == [{"Name": "id", "Type": "int", "Comment": "key"}]
    assert table["PartitionKeys"] == [{"Name": "dt", "Type": "string"}]
    assert table["Parameters"]["location"] == f"{athena.place('described')}/"
    pages = athena.client.get_paginator("list_table_metadata").paginate(**where, Expression="descr.*")
    assert [found["Name"] for page in pages for found in page["TableMetadataList"]] == ["described"]
    with pytest.raises(ClientError, match="MetadataException"):
        athena.client.get_table_metadata(**where, TableName="nosuch")


@pytest.mark.integration
def test_engine_versions_and_unknown_operations(athena: "Athena") -> None:
    versions = athena.client.list_engine_versions()["EngineVersions"]
    assert "Athena engine version 3" in [version["EffectiveEngineVersion"] for version in versions]
    with pytest.raises(ClientError, match="ListNotebookMetadata is not there"):
        athena.client.list_notebook_metadata(WorkGroup="primary")


@pytest.mark.integration
def test_named_queries_through_the_client(athena: "Athena") -> None:
    name = uuid.uuid4().hex
    made = athena.client.create_named_query(Name=name, Database=athena.database, QueryString="select 1")
    pages = athena.client.get_paginator("list_named_queries").paginate(PaginationConfig={"PageSize": 1})
    assert made["NamedQueryId"] in [found for page in pages for found in page["NamedQueryIds"]]
