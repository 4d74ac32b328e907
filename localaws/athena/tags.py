"""Tags of workgroups and data catalogs, by ARN."""

from collections.abc import Callable
from typing import Any

from localaws.athena.errors import invalid_request

Operation = Callable[[dict[str, Any]], dict[str, Any]]


class Tags:
    """Kept and given back; nothing here depends on them.

    Of an ARN its end is looked at (`workgroup/name`): there is one region and one account, and Terraform may
    know neither.
    """

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}

    def tag(self, payload: dict[str, Any]) -> dict[str, Any]:
        self._add(_resource(payload), payload["Tags"])
        return {}

    def creating(self, kind: str, create: Operation) -> Operation:
        """The operation, with the tags kept that it was given."""

        def created(payload: dict[str, Any]) -> dict[str, Any]:
            answer = create(payload)
            self._add(f"{kind}/{payload['Name']}", payload.get("Tags") or [])
            return answer

        return created

    def deleting(self, kind: str, member: str, delete: Operation) -> Operation:
        """The operation, after which its tags are gone."""

        def deleted(payload: dict[str, Any]) -> dict[str, Any]:
            answer = delete(payload)
            self._tags.pop(f"{kind}/{payload[member]}", None)
            return answer

        return deleted

    def _add(self, resource: str, tags: list[dict[str, str]]) -> None:
        if not all("Key" in tag for tag in tags):
            raise invalid_request("The member Key of a tag is missing")
        kept = self._tags.setdefault(resource, {})
        kept.update({tag["Key"]: tag.get("Value", "") for tag in tags})

    def untag(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._tags.get(_resource(payload), {})
        for key in payload["TagKeys"]:
            kept.pop(key, None)
        return {}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._tags.get(_resource(payload), {})
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(kept.items())]}


def _resource(payload: dict[str, Any]) -> str:
    return str(payload["ResourceARN"]).rpartition(":")[2]
