"""Trino's configuration files, written from the templates beside this module."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from string import Template

import psutil
from moto.core.models import DEFAULT_ACCOUNT_ID

from localaws.errors import LocalAwsError

TEMPLATES = Path(__file__).parent / "templates"
DEFAULT_HEAP_MIB = 4096
MIN_HEAP_MIB = 1024
# What the JVM takes beside its heap (metaspace, code, threads, direct buffers), seen at rest and at work.
OUTSIDE_HEAP_MIB = 768
HEAP_VARIABLE = "FINLAKE_TRINO_HEAP"


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What one Trino is started with. `heap_mib` is the JVM's whole heap; a query may take half of it.

    `small` says what it is compiled for: some minutes of queries of small tables, or hours of large ones.
    """

    port: int
    endpoint_url: str
    region: str
    heap_mib: int
    small: bool


def heap_mib() -> int:
    """The heap from FINLAKE_TRINO_HEAP (`4G`, `3000M`), or 4 GiB, or what the machine can spare.

    Raises LocalAwsError when the setting cannot be read or the memory is too little.
    """
    available = int(psutil.virtual_memory().available) // 2**20 - OUTSIDE_HEAP_MIB
    asked = os.environ.get(HEAP_VARIABLE, "").strip()
    if asked:
        wanted = _parse_heap(asked)
        if wanted > available:
            raise LocalAwsError(
                f"Too little memory for a heap of {asked} ({HEAP_VARIABLE}).",
                f"{max(available, 0)} MiB are free for it on this machine now.",
                f"Close something, or ask for less, at least {MIN_HEAP_MIB}M.",
            )
        return wanted
    if available < MIN_HEAP_MIB:
        raise LocalAwsError(
            "Too little memory to start the engine.",
            f"Trino needs {MIN_HEAP_MIB + OUTSIDE_HEAP_MIB} MiB at least,"
            f" {max(available + OUTSIDE_HEAP_MIB, 0)} MiB are free on this machine now.",
            "Close something and try again.",
        )
    return min(DEFAULT_HEAP_MIB, available)


def _parse_heap(text: str) -> int:
    match = re.fullmatch(r"(\d+)([GgMm])", text)
    size = int(match[1]) * (1024 if match[2] in "Gg" else 1) if match else 0
    if size < MIN_HEAP_MIB:
        raise LocalAwsError(
            f"{HEAP_VARIABLE} is '{text}'.",
            f"It is a whole number with G or M, at least {MIN_HEAP_MIB}M.",
            f"Set it, for example, to 4G: export {HEAP_VARIABLE}=4G",
        )
    return size


def write_settings(settings: EngineSettings, home: Path, folder: Path) -> None:
    """Write Trino's `etc`, an empty `data` and `tmp` into `folder`; `home` is where it is unpacked."""
    catalogs = folder / "etc" / "catalog"
    values = {
        "port": settings.port,
        "endpoint_url": settings.endpoint_url,
        "region": settings.region,
        "account_id": DEFAULT_ACCOUNT_ID,
        "query_memory": f"{settings.heap_mib // 2}MB",
        "catalogs": catalogs,
        "plugins": home / "plugin",
    }
    catalogs.mkdir(parents=True, exist_ok=True)
    for name in ("data", "tmp"):
        (folder / name).mkdir(exist_ok=True)
    for name in ("config.properties", "log.properties"):
        (folder / "etc" / name).write_text(_filled(name, values))
    for name in ("awsdatacatalog.properties", "hive.properties"):
        (catalogs / name).write_text(_filled(name, values) + _filled("glue_and_s3.properties", values))


def jvm_options(settings: EngineSettings) -> list[str]:
    """The JVM's options."""
    files = ("jvm.options", "jvm-small.options" if settings.small else "jvm-large.options")
    lines = [line for name in files for line in (TEMPLATES / name).read_text().splitlines()]
    return [f"-Xmx{settings.heap_mib}M", *(line for line in lines if not line.startswith("#"))]


def _filled(name: str, values: dict[str, object]) -> str:
    return Template((TEMPLATES / name).read_text()).substitute(values)
