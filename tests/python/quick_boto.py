"""What boto3 does again and again in a process, done once: for tests, which start many processes.

awswrangler makes many sessions, and dbt-athena a session and a client for each call: more than half of the
CPU of a landing in a test, and half of that of a run of dbt.
"""

import functools
import threading
from typing import Any

from boto3.session import Session
from botocore.loaders import JSONFileLoader


def read_once() -> None:
    """From now on a description of a service is read from its file when first asked for, and never again."""
    read = functools.cache(JSONFileLoader().load_file)
    JSONFileLoader.load_file = lambda _, path: read(path)  # type: ignore[method-assign, assignment]


def make_clients_once() -> None:
    """From now on all sessions, of one identity, share the client of a service with the same settings."""
    make: Any = Session.client
    made: dict[str, Any] = {}
    lock = threading.Lock()

    def client(session: Session, *args: Any, config: Any = None, **settings: Any) -> Any:
        wanted = repr((args, sorted(settings.items()), config and sorted(vars(config).items())))
        with lock:
            if wanted not in made:
                made[wanted] = make(session, *args, config=config, **settings)
            return made[wanted]

    Session.client = client  # type: ignore[method-assign, assignment]
