"""Workgroups: where results go, what a query may scan, whether any may run."""

import threading
import time
from dataclasses import dataclass, field
from typing import Any

from localaws.athena.errors import invalid_request
from localaws.athena.paging import page
from localaws.athena.query import ENGINE_VERSION

PRIMARY = "primary"
_ENGINE = {"SelectedEngineVersion": "AUTO", "EffectiveEngineVersion": ENGINE_VERSION}


@dataclass(slots=True)
class WorkGroup:
    name: str
    description: str = ""
    state: str = "ENABLED"
    configuration: dict[str, Any] = field(default_factory=dict)
    created: float = field(default_factory=time.time)

    @property
    def enforced(self) -> bool:
        return bool(self.configuration.get("EnforceWorkGroupConfiguration", False))

    @property
    def output_location(self) -> str | None:
        location: str | None = self.configuration.get("ResultConfiguration", {}).get("OutputLocation")
        return location or None

    @property
    def bytes_cutoff(self) -> int | None:
        cutoff: int | None = self.configuration.get("BytesScannedCutoffPerQuery")
        return cutoff

    def summary(self) -> dict[str, Any]:
        return {
            "Name": self.name,
            "Description": self.description,
            "State": self.state,
            "CreationTime": self.created,
            "EngineVersion": _ENGINE,
        }

    def describe(self) -> dict[str, Any]:
        configuration = {
            "ResultConfiguration": {},
            "EnforceWorkGroupConfiguration": False,
            "PublishCloudWatchMetricsEnabled": False,
            "RequesterPaysEnabled": False,
            "EngineVersion": _ENGINE,
            **self.configuration,
        }
        found = self.summary()
        del found["EngineVersion"]
        return {**found, "Configuration": configuration}


class WorkGroups:
    """All workgroups; `primary` is always there."""

    def __init__(self) -> None:
        self._groups = {PRIMARY: WorkGroup(PRIMARY)}
        self._lock = threading.Lock()

    def find(self, name: str) -> WorkGroup:
        group = self._groups.get(name)
        if group is None:
            raise invalid_request(f"WorkGroup {name} is not found.")
        return group

    def create(self, payload: dict[str, Any]) -> dict[str, Any]:
        name = payload["Name"]
        with self._lock:
            if name in self._groups:
                raise invalid_request("WorkGroup is already created")
            configuration = dict(payload.get("Configuration") or {})
            # An engine version may be asked for; there is one.
            configuration.pop("EngineVersion", None)
            configuration.setdefault("EnforceWorkGroupConfiguration", True)
            self._groups[name] = WorkGroup(name, payload.get("Description", ""), configuration=configuration)
        return {}

    def get(self, payload: dict[str, Any]) -> dict[str, Any]:
        return {"WorkGroup": self.find(payload["WorkGroup"]).describe()}

    def listing(self, payload: dict[str, Any]) -> dict[str, Any]:
        groups = [group.summary() for _, group in sorted(self._groups.items())]
        shown, more = page(groups, payload, 50)
        return {"WorkGroups": shown, **more}

    def update(self, payload: dict[str, Any]) -> dict[str, Any]:
        group = self.find(payload["WorkGroup"])
        with self._lock:
            group.description = payload.get("Description", group.description)
            group.state = payload.get("State", group.state)
            _apply(group.configuration, payload.get("ConfigurationUpdates") or {})
        return {}

    def delete(self, payload: dict[str, Any]) -> dict[str, Any]:
        name = payload["WorkGroup"]
        if name == PRIMARY:
            raise invalid_request("primary workgroup cannot be deleted")
        self.find(name)
        with self._lock:
            self._groups.pop(name, None)
        return {}


_RESULT_REMOVALS = {
    "RemoveOutputLocation": "OutputLocation",
    "RemoveEncryptionConfiguration": "EncryptionConfiguration",
    "RemoveExpectedBucketOwner": "ExpectedBucketOwner",
    "RemoveAclConfiguration": "AclConfiguration",
}


def _apply(configuration: dict[str, Any], updates: dict[str, Any]) -> None:
    for member, value in updates.items():
        if member == "ResultConfigurationUpdates":
            _apply_results(configuration.setdefault("ResultConfiguration", {}), value)
        elif member == "RemoveBytesScannedCutoffPerQuery":
            configuration.pop("BytesScannedCutoffPerQuery", None)
        elif member != "EngineVersion":
            configuration[member] = value


def _apply_results(results: dict[str, Any], updates: dict[str, Any]) -> None:
    for member, value in updates.items():
        if member not in _RESULT_REMOVALS:
            results[member] = value
        elif value:
            results.pop(_RESULT_REMOVALS[member], None)
