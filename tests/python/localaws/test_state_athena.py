"""What Athena keeps beside queries is in the data folder too, under the ids that it had."""

import threading
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from moto.core import DEFAULT_ACCOUNT_ID

from localaws.athena import AthenaService
from localaws.engine.address import TrinoAddress
from tests.python.localaws.served import REGION, served

ARN = f"arn:aws:athena:{REGION}:{DEFAULT_ACCOUNT_ID}:workgroup/analysts"


def everything(athena: Any, named: str) -> dict[str, Any]:
    """What the API says of it all, times apart."""
    group = athena.get_work_group(WorkGroup="analysts")["WorkGroup"]
    statement = athena.get_prepared_statement(StatementName="by_day", WorkGroup="analysts")
    return {
        "groups": [each["Name"] for each in athena.list_work_groups()["WorkGroups"]],
        "configuration": group["Configuration"],
        "state": group["State"],
        "named": athena.get_named_query(NamedQueryId=named)["NamedQuery"],
        "all named": athena.list_named_queries(WorkGroup="analysts")["NamedQueryIds"],
        "statement": statement["PreparedStatement"]["QueryStatement"],
        "tags": athena.list_tags_for_resource(ResourceARN=ARN)["Tags"],
        "catalogs": [each["CatalogName"] for each in athena.list_data_catalogs()["DataCatalogsSummary"]],
    }


def test_it_is_there_again_after_a_kill(tmp_path: Path) -> None:
    with served(tmp_path, tmp_path / "data") as server:
        athena = server.client("athena")
        for name in ("analysts", "gone"):
            athena.create_work_group(
                Name=name,
                Configuration={"ResultConfiguration": {"OutputLocation": "s3://results/analysts/"}},
            )
        athena.delete_work_group(WorkGroup="gone", RecursiveDeleteOption=True)
        athena.update_work_group(
            WorkGroup="analysts", State="DISABLED", ConfigurationUpdates={"BytesScannedCutoffPerQuery": 10**8}
        )
        of_group = {"WorkGroup": "analysts"}
        kept, deleted = [
            athena.create_named_query(Name=name, Database="d", QueryString="select 1", **of_group)
            for name in ("kept", "deleted")
        ]
        named = kept["NamedQueryId"]
        athena.update_named_query(NamedQueryId=named, Name="renamed", QueryString="select 2")
        athena.delete_named_query(NamedQueryId=deleted["NamedQueryId"])
        athena.create_prepared_statement(StatementName="by_day", QueryStatement="select ? as day", **of_group)
        athena.tag_resource(ResourceARN=ARN, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
        athena.untag_resource(ResourceARN=ARN, TagKeys=["a"])
        athena.create_data_catalog(Name="other", Type="GLUE", Parameters={"catalog-id": DEFAULT_ACCOUNT_ID})
        before = everything(athena, named)
        server.process.kill()
        server.process.wait()

    with served(tmp_path, tmp_path / "data") as server:
        after = everything(server.client("athena"), named)

    assert after == before
    assert after["groups"] == ["analysts", "primary"]
    assert after["all named"] == [named]
    assert after["named"]["QueryString"] == "select 2"
    assert after["tags"] == [{"Key": "b", "Value": "2"}]
    assert "other" in after["catalogs"]


def test_changes_are_told_in_the_order_in_which_they_are_made() -> None:
    """Two at once: what is told last is what a next start has, and has to be what counts now."""
    told: list[str] = []
    first_is_made, go_on = threading.Event(), threading.Event()

    def tell(_operation: str, payload: dict[str, Any]) -> None:
        if payload["Description"] == "first":
            first_is_made.set()
            go_on.wait(10)
        told.append(payload["Description"])

    service = AthenaService(TrinoAddress("127.0.0.1", 1), Mock(), Mock(), on_change=tell)
    first, second = (
        threading.Thread(
            target=service.handle,
            args=("UpdateWorkGroup", {"WorkGroup": "primary", "Description": description}),
        )
        for description in ("first", "second")
    )
    first.start()
    assert first_is_made.wait(10)
    second.start()
    second.join(0.2)
    go_on.set()
    for each in (first, second):
        each.join(10)

    assert told == ["first", "second"]
    group = service.handle("GetWorkGroup", {"WorkGroup": "primary"})[1]["WorkGroup"]
    assert group["Description"] == told[-1]
