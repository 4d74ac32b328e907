"""S3's objects, looked up without a request; as journal entries, and back.

An entry holds all versions of one key at that moment.
"""

from datetime import datetime
from typing import Any

from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.s3.models import (
    FakeAcl,
    FakeBucket,
    FakeDeleteMarker,
    FakeGrant,
    FakeGrantee,
    S3Backend,
    s3_backends,
)

from localaws.storage.bodies import Bodies
from localaws.storage.journal import Entry
from localaws.storage.stored import Passing, Received, StoredKey, passing

PARTITION = "aws"
# moto's names of what an object has beside its body, its name and its times.
ATTRIBUTES = (
    "_etag",
    "_storage_class",
    "_version_id",
    "_is_versioned",
    "encryption",
    "kms_key_id",
    "bucket_key_enabled",
    "lock_mode",
    "lock_legal_status",
    "lock_until",
    "checksum_algorithm",
    "checksum_value",
    "checksum_type",
    "checksum_parts",
    "website_redirect_location",
)


def has_bucket(name: str) -> bool:
    """Whether S3 has a bucket of this name, asked without a request to ourselves."""
    return name in _backend().buckets


def is_watched(name: str) -> bool:
    """Whether a bucket has a policy, which says who may do what, or has its requests logged."""
    bucket = _backend().buckets.get(name)
    return bucket is not None and (bucket.policy is not None or bool(bucket.logging))


def keys_under(bucket_name: str, prefix: str) -> list[str]:
    """The keys of the objects in a bucket that begin so, in their order."""
    bucket = _backend().buckets.get(bucket_name)
    # a list of them first: other threads write
    every = list(bucket.keys) if bucket is not None else []
    return sorted(key for key in every if key.startswith(prefix) and current(bucket_name, key) is not None)


def current(bucket_name: str, key: str) -> StoredKey | None:
    """The latest version of an object; none where it, or its bucket, is not there or it was deleted."""
    bucket = _backend().buckets.get(bucket_name)
    found = bucket.keys.get(key) if bucket is not None else None
    return found if isinstance(found, StoredKey) else None


def described(bucket_name: str, key: str) -> Entry:
    """The key's versions, oldest first; none when it does not exist."""
    bucket = _backend().buckets.get(bucket_name)
    versions = bucket.keys.getlist(key, []) if bucket is not None else []
    return {
        "kind": "object",
        "bucket": bucket_name,
        "key": key,
        "versions": [_version(each) for each in versions],
    }


def body_names(entry: Entry) -> set[str]:
    """The bodies that an entry refers to."""
    return {version["body"] for version in entry["versions"] if "body" in version}


def restore(entry: Entry, bodies: Bodies) -> bool:
    """Put the key back into its bucket; False when its bucket or one of its bodies is not there whole."""
    bucket = _backend().buckets.get(entry["bucket"])
    if bucket is None or not all(_is_whole(version, bodies) for version in entry["versions"]):
        return False
    keys: list[StoredKey | FakeDeleteMarker] = []
    for version in entry["versions"]:
        key = _restored_key(version, entry["key"], bucket, bodies) if "body" in version else None
        keys.append(key or _restored_marker(version, keys[-1]))
    bucket.keys.setlist(entry["key"], keys)
    return True


def _version(key: StoredKey | FakeDeleteMarker) -> dict[str, Any]:
    if isinstance(key, FakeDeleteMarker):
        return {"marker": key.version_id, "last_modified": key.last_modified.isoformat()}
    return {
        "body": key._value_buffer.name,
        "size": key.contentsize,
        "last_modified": key.last_modified.isoformat(),
        "metadata": dict(key.metadata),
        "tags": _backend().tagger.get_tag_dict_for_resource(key.arn),
        "acl": _described_acl(key.acl),
        "attributes": {"_etag": key.etag.strip('"')} | {name: getattr(key, name) for name in ATTRIBUTES[1:]},
    }


def _is_whole(version: dict[str, Any], bodies: Bodies) -> bool:
    if "body" not in version:
        return True
    path = bodies.path(version["body"])
    return path.exists() and path.stat().st_size == version["size"]


def _restored_key(version: dict[str, Any], name: str, bucket: FakeBucket, bodies: Bodies) -> StoredKey:
    received = Received(bodies.open(version["body"]), version["size"], None)
    with passing(Passing(received)):
        key = StoredKey(name, b"", bucket.account_id, bucket.region_name, bucket_name=bucket.name)
    key.last_modified = datetime.fromisoformat(version["last_modified"])
    key.set_metadata(dict(version["metadata"]))
    for attribute, value in version["attributes"].items():
        setattr(key, attribute, value)
    if version.get("acl") is not None:
        key.set_acl(_restored_acl(version["acl"]))
    if version["tags"]:
        _backend().put_object_tagging(key, version["tags"])
    return key


def _described_acl(acl: FakeAcl | None) -> list[dict[str, Any]] | None:
    if acl is None:
        return None
    return [
        {"grantees": [vars(grantee) for grantee in grant.grantees], "permissions": list(grant.permissions)}
        for grant in acl.grants
    ]


def _restored_acl(grants: list[dict[str, Any]]) -> FakeAcl:
    return FakeAcl([FakeGrant(_grantees(grant["grantees"]), grant["permissions"]) for grant in grants])


def _grantees(described: list[dict[str, str]]) -> list[FakeGrantee]:
    return [
        FakeGrantee(grantee_id=each["id"], uri=each["uri"], display_name=each["display_name"])
        for each in described
    ]


def _restored_marker(version: dict[str, Any], key: StoredKey | FakeDeleteMarker) -> FakeDeleteMarker:
    marker = FakeDeleteMarker(key)
    marker._version_id = version["marker"]
    marker.last_modified = datetime.fromisoformat(version["last_modified"])
    return marker


def _backend() -> S3Backend:
    return s3_backends[DEFAULT_ACCOUNT_ID][PARTITION]
