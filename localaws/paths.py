"""The two folders of the user's that localaws keeps things in."""

import os
from pathlib import Path


def cache_dir() -> Path:
    """Where the unpacked engine lives: what is here can be fetched again."""
    return _base("XDG_CACHE_HOME", ".cache") / "finlake"


def state_dir() -> Path:
    """Where a running server writes its address and its log."""
    return _base("XDG_STATE_HOME", ".local/state") / "finlake"


def _base(variable: str, fallback: str) -> Path:
    # The XDG specification: a relative path in these variables is to be ignored.
    configured = Path(os.environ.get(variable, ""))
    return configured if configured.is_absolute() else Path.home() / fallback
