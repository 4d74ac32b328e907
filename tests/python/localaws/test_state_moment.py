"""The folder of a server that keeps nothing: it is gone with the server, however that ends."""

import os
import signal
from pathlib import Path

import pytest

from localaws.storage.moment import LOCK, PREFIX, momentary, sweep
from tests.python.localaws.served import served


def folders(parent: Path) -> list[Path]:
    return sorted(parent.glob(f"{PREFIX}*"))


def objects(folder: Path) -> list[bytes]:
    return [file.read_bytes() for file in folder.rglob("*") if file.is_file() and file.name != LOCK]


@pytest.fixture
def temp(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    temp = tmp_path / "temp"
    temp.mkdir()
    monkeypatch.setenv("TMPDIR", str(temp))
    monkeypatch.setattr("tempfile.tempdir", str(temp))
    return temp


def test_a_killed_servers_objects_are_gone_at_the_next_start(temp: Path, tmp_path: Path) -> None:
    with served(tmp_path) as killed:
        killed.bucket("one").put_object(Bucket="one", Key="k", Body=b"left behind")
        killed.process.send_signal(signal.SIGKILL)
        killed.process.wait(10)
    (left,) = folders(temp)
    assert objects(left) == [b"left behind"]

    with served(tmp_path) as second:
        second.bucket("two").put_object(Bucket="two", Key="k", Body=b"in use")
        assert not left.exists()
        with served(tmp_path) as third:
            third.bucket("three")
            assert len(folders(temp)) == 2
            assert second.client("s3").get_object(Bucket="two", Key="k")["Body"].read() == b"in use"
            assert third.process.stdin is not None
            third.process.stdin.close()
            third.process.wait(20)
        assert second.process.stdin is not None
        second.process.stdin.close()
        second.process.wait(20)
    assert folders(temp) == []


def test_a_folder_ends_with_its_block(temp: Path) -> None:
    with momentary() as folder:
        (folder / "etc").mkdir()
        sweep(temp)
        assert (folder / "etc").is_dir()
    assert folders(temp) == []


def test_what_is_no_servers_folder_stays(temp: Path) -> None:
    other = temp / f"{PREFIX}notes"
    (other / "content").mkdir(parents=True)
    elsewhere = temp / "elsewhere"
    (elsewhere / "content").mkdir(parents=True)
    (elsewhere / LOCK).touch()
    (temp / f"{PREFIX}link").symlink_to(elsewhere)

    sweep(temp)

    assert other.is_dir()
    assert (elsewhere / "content").is_dir()


def test_another_users_folder_stays(temp: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = temp / f"{PREFIX}theirs"
    (folder / "content").mkdir(parents=True)
    (folder / LOCK).touch()
    owner = os.getuid()
    monkeypatch.setattr("os.getuid", lambda: owner + 1)

    sweep(temp)

    assert (folder / "content").is_dir()
