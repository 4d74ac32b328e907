"""What is wrong with a request is the client's fault and said so; what is wrong here is ours, and logged."""

import io
import logging
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import orjson
import pytest
from botocore.exceptions import ClientError
from werkzeug.test import create_environ, run_wsgi_app

from localaws.athena import AthenaService, paging
from localaws.athena.errors import ApiError, QueryFailed
from localaws.athena.executor import Executor
from localaws.athena.trino_client import TrinoClient
from localaws.engine.address import TrinoAddress
from localaws.router import Athena, Router
from localaws.statements.plan import ALREADY_EXISTS, NOT_FOUND, Glue
from localaws.storage.bodies import Bodies
from tests.python.localaws.served import REGION

# Nobody answers there.
NOWHERE = TrinoAddress("127.0.0.1", 1)


def asked(athena: Athena, folder: Path, operation: str, **payload: Any) -> tuple[int, dict[str, Any]]:
    """Status and body of an operation, as they go over the wire."""
    router = Router(REGION, Bodies(folder), None)
    router.connect(athena)
    headers = {"X-Amz-Target": f"AmazonAthena.{operation}"}
    content, status, _ = run_wsgi_app(
        router,
        create_environ("/", method="POST", headers=headers, data=orjson.dumps(payload)),
        buffered=True,
    )
    return int(status.split()[0]), orjson.loads(io.BytesIO(b"".join(content)).read())


@pytest.fixture(scope="module")
def athena() -> AthenaService:
    return AthenaService(NOWHERE, Mock(), Mock())


@pytest.mark.parametrize(
    ("operation", "payload", "member"),
    [
        ("GetWorkGroup", {}, "WorkGroup"),
        ("GetWorkGroup", {"WorkGroup": None}, "WorkGroup"),
        ("CreateNamedQuery", {"Name": "n", "QueryString": "select 1"}, "Database"),
        ("StartQueryExecution", {}, "QueryString"),
        ("TagResource", {"ResourceARN": "workgroup/primary", "Tags": [{"Value": "x"}]}, "Key of a tag"),
    ],
)
def test_a_member_that_is_missing_is_the_clients_fault(
    athena: AthenaService, tmp_path: Path, operation: str, payload: dict[str, Any], member: str
) -> None:
    status, body = asked(athena, tmp_path, operation, **payload)
    assert (status, body["__type"]) == (400, "InvalidRequestException")
    assert body["message"] == f"The member {member} is missing"


def test_a_fault_of_ours_is_ours_and_logged(
    athena: AthenaService, tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_payload: dict[str, Any]) -> dict[str, Any]:
        raise KeyError("something of ours")

    monkeypatch.setitem(athena._operations, "ListWorkGroups", broken)
    with caplog.at_level(logging.ERROR):
        status, body = asked(athena, tmp_path, "ListWorkGroups")
    assert (status, body["__type"]) == (500, "InternalFailure")
    assert "something of ours" in caplog.text


class Refusing:
    """Glue where another client was faster."""

    def __init__(self, code: str) -> None:
        self._error: Any = {"Code": code, "Message": "was faster"}

    def create_database(self, **_: Any) -> None:
        raise ClientError({"Error": self._error}, "CreateDatabase")

    def batch_create_partition(self, **_: Any) -> dict[str, Any]:
        detail = {f"Error{name}": value for name, value in self._error.items()}
        return {"Errors": [{"ErrorDetail": detail}]}


@pytest.mark.parametrize("call", ["create_database", "batch_create_partition"])
@pytest.mark.parametrize(
    ("code", "forgives", "fails"),
    [
        (ALREADY_EXISTS, ALREADY_EXISTS, False),
        (ALREADY_EXISTS, "", True),
        (NOT_FOUND, ALREADY_EXISTS, True),
    ],
)
def test_with_if_not_exists_it_may_be_there_just_now(
    call: str, code: str, forgives: str, fails: bool
) -> None:
    executor = Executor(TrinoClient(NOWHERE), None, Refusing(code), lambda *_: None)
    query: Any = None
    with pytest.raises(QueryFailed, match="was faster") if fails else nullcontext():
        executor.glue(query, Glue(call, {}, forgives))


def test_a_token_stands_for_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    _, more = paging.page(list(range(5)), {"MaxResults": 2}, 50)
    given = paging.now()
    monkeypatch.setattr(paging, "now", lambda: given + paging.LIFETIME_SECONDS - 1)
    assert paging.page(list(range(5)), {"MaxResults": 2, **more}, 50)[0] == [2, 3]
    monkeypatch.setattr(paging, "now", lambda: given + paging.LIFETIME_SECONDS + 1)
    with pytest.raises(ApiError, match="InvalidRequestException: NextToken has expired"):
        paging.page(list(range(5)), {"MaxResults": 2, **more}, 50)


def test_a_token_belongs_to_its_query() -> None:
    token = paging.token_of(1000, "one")
    assert paging.offset_of(token, "one") == 1000
    for other in ("another", ""):
        with pytest.raises(ApiError, match="Invalid NextToken"):
            paging.offset_of(token, other)
