"""The environment of the peers, made once, in the user's cache folder."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

REQUIREMENTS = Path(__file__).with_name("requirements-peers.txt")


class PeersError(Exception):
    """The peers cannot be installed here."""


def python() -> Path:
    """The Python of the peers' environment. Raises PeersError when it cannot be made."""
    identity = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    home = cache / "finlake" / "benchmarks" / f"peers-{identity}"
    ready = home / ".ready"
    if not ready.exists():
        shutil.rmtree(home, ignore_errors=True)
        _run(sys.executable, "-m", "venv", str(home))
        _run(
            str(home / "bin" / "python"),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--requirement",
            str(REQUIREMENTS),
        )
        ready.touch()
    return home / "bin" / "python"


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PeersError(f"{' '.join(command[:4])} … failed: {done.stderr.strip()[-400:]}")
