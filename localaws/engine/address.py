"""Where a Trino answers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TrinoAddress:
    """Host and port of a Trino coordinator's HTTP interface."""

    host: str
    port: int

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"
