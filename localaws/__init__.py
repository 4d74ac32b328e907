"""The AWS on one machine: moto for the APIs, a real Trino behind Athena's."""

from localaws.server import LocalAws, running

__all__ = ["LocalAws", "running"]
