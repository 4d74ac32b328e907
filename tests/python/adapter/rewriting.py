"""What the suite's models, written for Postgres and Hive tables, need on Iceberg."""

import re

SELECT_ALL = re.compile(r"select \* from (\{\{ (?:source|ref)\('(?:raw|ephemeral)'.*?\}\})")
DATE = re.compile(r"'\d{4}-\d{2}-\d{2}'")

# Athena writes timestamp(6) alone to Iceberg, and its seeds are Hive tables of timestamp(3).
CAST = "select id, name, {{{{ cast_timestamp('some_date') }}}} as some_date from {source}"


def on_iceberg(models: dict[str, str]) -> dict[str, str]:
    """dbt's basic models with their one timestamp cast to what Iceberg takes."""
    return {
        name: SELECT_ALL.sub(lambda found: CAST.format(source=found[1]), sql)
        if name.endswith(".sql")
        else sql
        for name, sql in models.items()
    }


def typed_dates(sql: str) -> str:
    """Dates as dates: Athena compares none with text."""
    return DATE.sub(lambda found: f"date {found[0]}", sql)
