"""Table versions: an update says which version it has read, and loses when that is not the current one.

Iceberg's commits in Glue rest on this; without it writers at once overwrite each other.
"""

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.glue.models import glue_backends

from localaws.catalog.call import EMPTY, Answer, Call, Layers, Next, refusal

# What gives a table a version.
MAKING = ("CreateTable", "UpdateTable")


def update_table(call: Call, following: Next) -> Answer:
    """Refuse an update of another than the current version; forget the old one with `SkipArchive`."""
    current = current_version(call, following)
    read = call.payload.get("VersionId")
    if read is not None and current is not None and read != current:
        return refusal(
            "ConcurrentModificationException", "Update table failed due to concurrent modifications."
        )
    answer = following(call)
    if answer.ok and current is not None and call.payload.get("SkipArchive"):
        _delete_version(call, following, current)
    return answer


def batch_delete_table_version(call: Call, following: Next) -> Answer:
    """Delete several archived versions; what could not be deleted is listed."""
    errors = []
    for version in call.payload.get("VersionIds", []):
        answer = _delete_version(call, following, version)
        if not answer.ok:
            detail = {
                "ErrorCode": answer.body.get("__type", ""),
                "ErrorMessage": answer.body.get("message") or answer.body.get("Message") or "",
            }
            errors.append(
                {"TableName": call.payload["TableName"], "VersionId": version, "ErrorDetail": detail}
            )
    return Answer(200, {"Errors": errors}) if errors else EMPTY


def number_current(call: Call, version: str) -> None:
    """Call the table's current version by another number: it had that one before."""
    names = call.payload["DatabaseName"].lower(), call.payload["TableInput"]["Name"].lower()
    table = glue_backends[DEFAULT_ACCOUNT_ID][call.region].get_table(*names)
    table.versions[version] = table.versions.pop(str(table._current_version))
    table._current_version = int(version)


def current_version(call: Call, following: Next) -> str | None:
    """The current version of the table that a call makes or updates."""
    request = {"DatabaseName": call.payload["DatabaseName"], "Name": call.payload["TableInput"]["Name"]}
    answer = following(call.other("GetTable", request))
    version: str | None = answer.body["Table"]["VersionId"] if answer.ok else None
    return version


def _delete_version(call: Call, following: Next, version: str) -> Answer:
    name = call.payload.get("TableName") or call.payload["TableInput"]["Name"]
    request = {"DatabaseName": call.payload["DatabaseName"], "TableName": name, "VersionId": version}
    return following(call.other("DeleteTableVersion", request))


LAYERS: Layers = {
    "UpdateTable": update_table,
    "BatchDeleteTableVersion": batch_delete_table_version,
}
