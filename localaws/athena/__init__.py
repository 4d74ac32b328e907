"""Athena's API over a real Trino."""

from localaws.athena.service import AthenaService

__all__ = ["AthenaService"]
