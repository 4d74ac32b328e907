"""The AWS on one machine: moto for the APIs, a real Trino behind Athena's."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from localaws.server import LocalAws, running

__all__ = ["LocalAws", "running"]


def __getattr__(name: str) -> Any:
    # The server brings moto and boto3 along, a second of imports: the commands that only ask do without it.
    if name not in __all__:
        raise AttributeError(name)
    from localaws import server  # noqa: PLC0415

    return getattr(server, name)
