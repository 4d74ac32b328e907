"""Named queries and prepared statements: texts that a workgroup keeps."""

import threading
import time
import uuid
from dataclasses import dataclass
from typing import Any

from localaws.athena.errors import ApiError, invalid_request
from localaws.athena.paging import page

_IDS = uuid.UUID("3b7c3c3e-6a55-5b0a-9d0e-6e2a4c1f9f10")


class NamedQueries:
    """Texts with an id."""

    def __init__(self) -> None:
        self._queries: dict[str, dict[str, Any]] = {}
        self._lock = threading.Lock()

    def create(self, payload: dict[str, Any]) -> dict[str, Any]:
        # The id follows from the request, so that a request that is done again gives it again.
        token = payload.setdefault("ClientRequestToken", str(uuid.uuid4()))
        found = str(uuid.uuid5(_IDS, token))
        with self._lock:
            self._queries.setdefault(
                found,
                {
                    "NamedQueryId": found,
                    "Name": payload["Name"],
                    "Description": payload.get("Description", ""),
                    "Database": payload["Database"],
                    "QueryString": payload["QueryString"],
                    "WorkGroup": payload.get("WorkGroup", "primary"),
                },
            )
        return {"NamedQueryId": found}

    def get(self, payload: dict[str, Any]) -> dict[str, Any]:
        return {"NamedQuery": self._find(payload["NamedQueryId"])}

    def batch_get(self, payload: dict[str, Any]) -> dict[str, Any]:
        asked = payload["NamedQueryIds"]
        missing = [
            {
                "NamedQueryId": name,
                "ErrorCode": "INTERNAL_FAILURE",
                "ErrorMessage": f"NamedQuery {name} was not found",
            }
            for name in asked
            if name not in self._queries
        ]
        found = [self._queries[name] for name in asked if name in self._queries]
        return {"NamedQueries": found, "UnprocessedNamedQueryIds": missing}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        group = payload.get("WorkGroup", "primary")
        names = [name for name, query in self._queries.items() if query["WorkGroup"] == group]
        shown, more = page(names, payload, 50)
        return {"NamedQueryIds": shown, **more}

    def update(self, payload: dict[str, Any]) -> dict[str, Any]:
        query = self._find(payload["NamedQueryId"])
        query.update(
            {
                member: payload[member]
                for member in ("Name", "Description", "QueryString")
                if member in payload
            }
        )
        return {}

    def delete(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._find(payload["NamedQueryId"])
        del self._queries[payload["NamedQueryId"]]
        return {}

    def _find(self, name: str) -> dict[str, Any]:
        if name not in self._queries:
            raise invalid_request(f"NamedQuery {name} was not found")
        return self._queries[name]


@dataclass(slots=True)
class _Prepared:
    text: str
    description: str
    modified: float


class PreparedStatements:
    """Texts by workgroup and name."""

    def __init__(self) -> None:
        self._statements: dict[tuple[str, str], _Prepared] = {}

    def keep(self, workgroup: str, name: str, text: str | None) -> str:
        """PREPARE, or DEALLOCATE when there is no text; the operation of the API that does the same."""
        if text is None:
            self.text(workgroup, name)
            del self._statements[workgroup, name]
            return "DeletePreparedStatement"
        known = (workgroup, name) in self._statements
        self._statements[workgroup, name] = _Prepared(text, "", time.time())
        return "UpdatePreparedStatement" if known else "CreatePreparedStatement"

    def text(self, workgroup: str, name: str) -> str:
        return self._find(workgroup, name).text

    def create(self, payload: dict[str, Any]) -> dict[str, Any]:
        key = payload["WorkGroup"], payload["StatementName"].lower()
        if key in self._statements:
            raise invalid_request(f"Prepared Statement {key[1]} already exists in WorkGroup {key[0]}")
        self._statements[key] = _Prepared(
            payload["QueryStatement"], payload.get("Description", ""), time.time()
        )
        return {}

    def get(self, payload: dict[str, Any]) -> dict[str, Any]:
        group, name = payload["WorkGroup"], payload["StatementName"].lower()
        return {"PreparedStatement": _described(group, name, self._find(group, name))}

    def batch_get(self, payload: dict[str, Any]) -> dict[str, Any]:
        group = payload["WorkGroup"]
        found, missing = [], []
        for name in payload["PreparedStatementNames"]:
            if (kept := self._statements.get((group, name.lower()))) is not None:
                found.append(_described(group, name.lower(), kept))
            else:
                missing.append(
                    {
                        "StatementName": name,
                        "ErrorCode": "RESOURCE_NOT_FOUND",
                        "ErrorMessage": _absent(group, name),
                    }
                )
        return {"PreparedStatements": found, "UnprocessedPreparedStatementNames": missing}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        group = payload["WorkGroup"]
        kept = [
            {"StatementName": name, "LastModifiedTime": statement.modified}
            for (owner, name), statement in sorted(self._statements.items())
            if owner == group
        ]
        shown, more = page(kept, payload, 50)
        return {"PreparedStatements": shown, **more}

    def update(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._find(payload["WorkGroup"], payload["StatementName"].lower())
        kept.text = payload["QueryStatement"]
        kept.description = payload.get("Description", kept.description)
        kept.modified = time.time()
        return {}

    def delete(self, payload: dict[str, Any]) -> dict[str, Any]:
        key = payload["WorkGroup"], payload["StatementName"].lower()
        self._find(*key)
        del self._statements[key]
        return {}

    def _find(self, workgroup: str, name: str) -> _Prepared:
        kept = self._statements.get((workgroup, name))
        if kept is None:
            raise ApiError("ResourceNotFoundException", _absent(workgroup, name), ResourceName=name)
        return kept


def _absent(workgroup: str, name: str) -> str:
    return f"PreparedStatement {name} was not found in workGroup {workgroup}"


def _described(workgroup: str, name: str, kept: _Prepared) -> dict[str, Any]:
    return {
        "StatementName": name,
        "QueryStatement": kept.text,
        "WorkGroupName": workgroup,
        "Description": kept.description,
        "LastModifiedTime": kept.modified,
    }
