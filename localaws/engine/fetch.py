"""Trino itself: fetched from Maven Central once, unpacked into the user's cache.

The tarball holds forty connectors; only the two that Athena has here are unpacked. It is removed afterwards:
821 MB that nothing would read again, and that can be fetched as they were the first time.
"""

import fcntl
import hashlib
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path

import requests
from jgo.maven import MavenContext, PythonResolver
from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from localaws.errors import LocalAwsError
from localaws.paths import cache_dir

HOME_VARIABLE = "FINLAKE_TRINO_HOME"
PLUGINS = ("hive", "iceberg")
ATTEMPTS = 3
TIMEOUT_SECONDS = 60
# The tarball and what is unpacked from it are on the disk together for a moment.
DISK_BYTES = 1_400_000_000


@dataclass(frozen=True, slots=True)
class Release:
    """A Trino on Maven Central and the SHA-256 of its tarball."""

    version: str
    sha256: str


RELEASE = Release("476", "cfd5accde17e8ebd251eeeb78aed1f490e77bb3a164d95a0f454bf8a7c1cbd3f")

Download = Callable[[Release, Path], Path]


def trino_home() -> Path:
    """The folder of an unpacked Trino: FINLAKE_TRINO_HOME, or the cache's, fetched when it is not there.

    Raises LocalAwsError when it can neither be found nor fetched.
    """
    configured = os.environ.get(HOME_VARIABLE)
    if configured:
        return _checked_home(Path(configured))
    return fetched(RELEASE, cache_dir(), download)


def _checked_home(home: Path) -> Path:
    missing = [
        str(part) for part in ("lib", *(f"plugin/{name}" for name in PLUGINS)) if not (home / part).is_dir()
    ]
    if missing:
        raise LocalAwsError(
            f"{HOME_VARIABLE} is {home}, which is no unpacked Trino.",
            f"Not there: {', '.join(missing)}.",
            f"Point it to a trino-server-{RELEASE.version} folder, or unset it to have Trino fetched.",
        )
    return home


def fetched(release: Release, cache: Path, download: Download) -> Path:
    """The unpacked release in the cache; fetches it, checks it and unpacks it when it is not there.

    Processes that come here at once wait for the first one.
    """
    home = cache / "trino" / release.version
    if home.is_dir():
        return home
    home.parent.mkdir(parents=True, exist_ok=True)
    with _locked(cache / "trino" / "lock"):
        if home.is_dir():
            return home
        _check_disk(cache)
        tarball = _verified_tarball(release, cache / "maven", download)
        console = Console(stderr=True)
        with (
            console.status(f"Unpacking Trino {release.version}, once")
            if console.is_terminal
            else nullcontext()
        ):
            unpack(tarball, home)
        tarball.unlink()
    return home


def _verified_tarball(release: Release, repository: Path, download: Download) -> Path:
    failure: Exception | None = None
    for _ in range(ATTEMPTS):
        try:
            tarball = download(release, repository)
        except (requests.RequestException, OSError, RuntimeError) as error:
            failure = error
            continue
        if _sha256(tarball) == release.sha256:
            return tarball
        # A download that was cut leaves such a file too; jgo would take it for a whole one.
        tarball.unlink()
        failure = ValueError(
            f"what came is not Trino {release.version}: its SHA-256 is another than the pinned one"
        )
    raise LocalAwsError(
        f"Trino {release.version} could not be fetched from Maven Central, in {ATTEMPTS} attempts.",
        f"{type(failure).__name__}: {failure}",
        f"Check the network (821 MB are fetched, once), or set {HOME_VARIABLE} to an unpacked Trino.",
    )


def download(release: Release, repository: Path) -> Path:
    """Fetch the tarball into a Maven repository folder, or find it there."""
    context = MavenContext(
        repo_cache=repository,
        local_repos=[],
        resolver=PythonResolver(progress_callback=_progress),
        timeout=TIMEOUT_SECONDS,
    )
    artifact = (
        context.project("io.trino", "trino-server").at_version(release.version).artifact(packaging="tar.gz")
    )
    path: Path = artifact.resolve()
    return path


@contextmanager
def _progress(name: str, size: int) -> Iterator[Callable[[int], None]]:
    columns = (
        TextColumn("Fetching {task.description}, once"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True)
    if not console.is_terminal:
        console.print(f"Fetching {name}, {size // 10**6} MB, once", highlight=False, soft_wrap=True)
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        task = progress.add_task(name, total=size)
        yield lambda count: progress.update(task, advance=count)


def unpack(tarball: Path, home: Path) -> None:
    """Unpack the engine and its two plugins as `home`, which comes into being whole or not at all."""
    home.parent.mkdir(parents=True, exist_ok=True)
    for remains in home.parent.glob(f".{home.name}-*"):
        shutil.rmtree(remains)
    folder = Path(tempfile.mkdtemp(prefix=f".{home.name}-", dir=home.parent))
    try:
        with tarfile.open(tarball) as archive:
            _extract(archive, folder)
        (folder / "trino").rename(home)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _extract(archive: tarfile.TarFile, folder: Path) -> None:
    """Extract what is wanted; a plugin's jar may be a hard link to another plugin's, which is then taken."""
    members = archive.getmembers()
    wanted = {
        member.name: member
        for member in members
        if member.isfile() or member.islnk()
        if _is_wanted(member.name)
    }
    sources = {member.linkname if member.islnk() else member.name for member in wanted.values()}
    for member in members:
        if member.name in sources:
            archive.extract(member, folder, filter="data")
    for member in wanted.values():
        target = folder / "trino" / member.name.partition("/")[2]
        target.parent.mkdir(parents=True, exist_ok=True)
        os.link(folder / (member.linkname if member.islnk() else member.name), target)


def _is_wanted(name: str) -> bool:
    parts = name.split("/")
    return parts[1] == "lib" or (parts[1] == "plugin" and len(parts) > 3 and parts[2] in PLUGINS)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check_disk(cache: Path) -> None:
    free = shutil.disk_usage(cache).free
    if free < DISK_BYTES:
        raise LocalAwsError(
            "Too little disk space to fetch the engine.",
            f"Unpacking takes {DISK_BYTES // 10**6} MB, {free // 10**6} MB are free at {cache}.",
            "Make room, or set XDG_CACHE_HOME to a folder on another disk.",
        )


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
