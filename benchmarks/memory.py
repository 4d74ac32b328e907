"""The most memory that a process has held. A peer's environment has nothing but Python: nor has this."""

from pathlib import Path


def peak_mib(process: int | str = "self") -> float | None:
    """Linux's own mark, which no parent has set, in MiB; none where there is no such file."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    fields = dict(line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines())
    return int(fields.get("VmHWM", "0 kB").split()[0]) / 1024
