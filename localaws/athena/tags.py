"""Tags of workgroups and data catalogs, by ARN."""

from typing import Any


class Tags:
    """Kept and given back; nothing here depends on them."""

    def __init__(self) -> None:
        self._tags: dict[str, dict[str, str]] = {}

    def tag(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._tags.setdefault(payload["ResourceARN"], {})
        kept.update({tag["Key"]: tag.get("Value", "") for tag in payload["Tags"]})
        return {}

    def untag(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._tags.get(payload["ResourceARN"], {})
        for key in payload["TagKeys"]:
            kept.pop(key, None)
        return {}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        kept = self._tags.get(payload["ResourceARN"], {})
        return {"Tags": [{"Key": key, "Value": value} for key, value in sorted(kept.items())]}
