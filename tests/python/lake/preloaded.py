"""What the project's commands import, imported once: the process that `commands` forks them from."""

import boto3
import dbt.adapters.athena
import dbt.cli.main  # noqa: F401

import ingestion.cli  # noqa: F401
import reports.cli  # noqa: F401
from tests.python.quick_boto import read_once

read_once()
for service in ("athena", "glue", "lakeformation", "s3", "sts"):
    # read here, their descriptions are there in every process forked from this one
    boto3.Session("any", "any", region_name="sa-east-1").client(service)
