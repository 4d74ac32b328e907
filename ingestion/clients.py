"""A session that makes each AWS client once."""

from threading import Lock
from typing import Any

import boto3
import botocore.session
from botocore.config import Config

from ingestion.settings import Settings, SettingsError

# An object's CRC goes with it: a SHA-256 besides is work only, and is left out where TLS carries it anyway.
CONFIG = Config(s3={"payload_signing_enabled": False})


class SharedSession(boto3.Session):
    """A boto3 session whose clients are kept and shared, as they may be between threads.

    awswrangler asks for a client on every call, and making one takes longer than most calls do.
    """

    def __init__(self, region: str) -> None:
        core = botocore.session.get_session()
        core.set_default_client_config(CONFIG)
        super().__init__(region_name=region, botocore_session=core)
        self._lock = Lock()
        self._made: dict[str, Any] = {}

    def client(self, service_name: str, *args: Any, **options: Any) -> Any:
        """The client of a service. Options count when it is made, and not later on."""
        with self._lock:
            if service_name not in self._made:
                make: Any = super().client
                self._made[service_name] = make(service_name, *args, **options)
            return self._made[service_name]


def session_of(settings: Settings) -> SharedSession:
    """A session of the lake that the settings name.

    Raises SettingsError where the target is `local` and AWS itself would be asked.
    """
    session = SharedSession(settings.region)
    if settings.target == "local" and "amazonaws.com" in session.client("s3").meta.endpoint_url:
        raise SettingsError(
            "FINLAKE_TARGET is 'local' and AWS_ENDPOINT_URL is not set: this would go to AWS itself.\n"
            "Start the local AWS and take its settings:\n"
            '  python -m localaws up --detach && eval "$(python -m localaws env)"'
        )
    return session
