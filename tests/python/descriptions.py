"""botocore's descriptions of AWS's services, read once in a process.

botocore reads them, megabytes of JSON, anew for every session, and awswrangler and dbt-athena make many
sessions: more than half of the CPU of a landing in a test, two fifths of a run of dbt.
"""

import functools

from botocore.loaders import JSONFileLoader


def read_once() -> None:
    """From now on a description is read from its file when it is first asked for, and never again."""
    read = functools.cache(JSONFileLoader().load_file)
    JSONFileLoader.load_file = lambda _, path: read(path)  # type: ignore[method-assign, assignment]
