"""Fetching and unpacking Trino: once, whole, the right one."""

import hashlib
import io
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import requests

from localaws.engine import fetch
from localaws.engine.fetch import Release, fetched, trino_home, unpack
from localaws.errors import LocalAwsError

FILES = {
    "lib/trino-main.jar": b"main",
    "plugin/delta-lake/shared.jar": b"shared",
    "plugin/delta-lake/own.jar": b"own",
    "plugin/hive/hdfs/hadoop.jar": b"hadoop",
    "plugin/iceberg/iceberg.jar": b"iceberg",
    "bin/launcher": b"#!",
}
LINKS = {
    "plugin/hive/shared.jar": "plugin/delta-lake/shared.jar",
    "plugin/iceberg/trino-main.jar": "lib/trino-main.jar",
}
ROOT = "trino-server-1"


@pytest.fixture
def tarball(tmp_path: Path) -> Path:
    """A Trino of a few bytes, with hard links between plugins as the real one has them."""
    path = tmp_path / "trino-server-1.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        for name, content in FILES.items():
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, target in LINKS.items():
            member = tarfile.TarInfo(f"{ROOT}/{name}")
            member.type, member.linkname = tarfile.LNKTYPE, f"{ROOT}/{target}"
            archive.addfile(member)
    return path


def release_of(tarball: Path) -> Release:
    return Release("1", hashlib.sha256(tarball.read_bytes()).hexdigest())


def serve(content: bytes) -> Callable[[Release, Path], Path]:
    """A download that finds what is in the repository, as jgo does, or else brings `content`."""

    def download(_release: Release, repository: Path) -> Path:
        path = repository / "tarball"
        if not path.exists():
            repository.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return path

    return download


def test_the_engine_and_its_two_plugins_are_unpacked_and_the_tarball_removed(
    tarball: Path, tmp_path: Path
) -> None:
    cache = tmp_path / "cache"

    home = fetched(release_of(tarball), cache, serve(tarball.read_bytes()))

    unpacked = {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    assert unpacked == {
        "lib/trino-main.jar": b"main",
        "plugin/hive/shared.jar": b"shared",
        "plugin/hive/hdfs/hadoop.jar": b"hadoop",
        "plugin/iceberg/iceberg.jar": b"iceberg",
        "plugin/iceberg/trino-main.jar": b"main",
    }
    assert not list(cache.rglob("tarball"))


def test_what_is_unpacked_is_not_fetched_again(tarball: Path, tmp_path: Path) -> None:
    first = fetched(release_of(tarball), tmp_path, serve(tarball.read_bytes()))

    def never(_release: Release, _repository: Path) -> Path:
        raise AssertionError("fetched again")

    assert fetched(release_of(tarball), tmp_path, never) == first


def test_a_cut_download_starts_over(tarball: Path, tmp_path: Path) -> None:
    whole = tarball.read_bytes()
    repository = tmp_path / "maven"
    repository.mkdir()
    (repository / "tarball").write_bytes(whole[: len(whole) // 2])

    home = fetched(release_of(tarball), tmp_path, serve(whole))

    assert (home / "lib/trino-main.jar").read_bytes() == b"main"


def test_another_file_than_the_pinned_one_is_refused(tarball: Path, tmp_path: Path) -> None:
    with pytest.raises(LocalAwsError, match="SHA-256"):
        fetched(release_of(tarball), tmp_path, serve(b"something else"))

    assert not (tmp_path / "trino" / "1").exists()
    assert not list(tmp_path.rglob("maven/*"))


def test_without_a_network_the_message_says_what_to_do(tarball: Path, tmp_path: Path) -> None:
    def unreachable(_release: Release, _repository: Path) -> Path:
        raise requests.ConnectionError("no route to host")

    with pytest.raises(LocalAwsError) as raised:
        fetched(release_of(tarball), tmp_path, unreachable)

    assert "no route to host" in raised.value.why
    assert "FINLAKE_TRINO_HOME" in raised.value.todo


def test_an_unpacking_that_was_cut_is_never_taken_for_a_whole_one(
    tarball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "trino" / "1"
    extract, count = tarfile.TarFile.extract, 0

    def cut(self: tarfile.TarFile, *arguments: object, **named: object) -> None:
        nonlocal count
        count += 1
        if count == 3:
            raise KeyboardInterrupt
        extract(self, *arguments, **named)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(tarfile.TarFile, "extract", cut)
        with pytest.raises(KeyboardInterrupt):
            unpack(tarball, home)
    assert not home.exists()

    # After a kill -9 the unfinished folder itself is still there.
    (home.parent / ".1-killed" / "trino" / "lib").mkdir(parents=True)
    unpack(tarball, home)

    assert (home / "plugin/iceberg/iceberg.jar").read_bytes() == b"iceberg"
    assert [path.name for path in home.parent.iterdir()] == ["1"]


def test_two_at_once_fetch_once(tarball: Path, tmp_path: Path) -> None:
    downloads = []
    both = threading.Barrier(2)

    def download(release: Release, repository: Path) -> Path:
        downloads.append(release)
        return serve(tarball.read_bytes())(release, repository)

    def start() -> None:
        both.wait()
        fetched(release_of(tarball), tmp_path, download)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(downloads) == 1


def test_too_little_disk_is_said_before_anything_is_fetched(
    tarball: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "DISK_BYTES", 10**18)

    with pytest.raises(LocalAwsError, match="Too little disk space"):
        fetched(release_of(tarball), tmp_path, serve(tarball.read_bytes()))

    assert not list(tmp_path.rglob("maven/*"))


def test_a_trino_that_is_there_already_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("lib", "plugin/hive", "plugin/iceberg"):
        (tmp_path / part).mkdir(parents=True)
    monkeypatch.setenv("FINLAKE_TRINO_HOME", str(tmp_path))

    assert trino_home() == tmp_path


def test_a_folder_that_is_no_trino_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lib").mkdir()
    monkeypatch.setenv("FINLAKE_TRINO_HOME", str(tmp_path))

    with pytest.raises(LocalAwsError) as raised:
        trino_home()

    assert "plugin/hive, plugin/iceberg" in raised.value.why
