"""Lake Formation is moto's; what it lacks."""

from typing import Any

from moto.lakeformation.models import LakeFormationBackend

Tags = list[dict[str, Any]]
_tags_of = LakeFormationBackend.get_resource_lf_tags


def _tags_or_none(
    backend: LakeFormationBackend, catalog_id: str, resource: dict[str, Any]
) -> tuple[Tags, Tags, Tags]:
    """What never had a tag has none, which is no error: dbt-athena asks before it tags."""
    try:
        found: tuple[Tags, Tags, Tags] = _tags_of(backend, catalog_id, resource)
    except KeyError:
        return [], [], []
    return found


def answer_for_untagged() -> None:
    """From now on moto answers for what has no tag."""
    LakeFormationBackend.get_resource_lf_tags = _tags_or_none
