"""Trino's settings: its heap, its files."""

from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from localaws.engine.settings import EngineSettings, heap_mib, jvm_options, write_settings
from localaws.errors import LocalAwsError


def free(monkeypatch: pytest.MonkeyPatch, mib: int) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(available=mib * 2**20))


@pytest.mark.parametrize(
    ("asked", "available", "heap"),
    [
        (None, 16000, 4096),
        (None, 3000, 3000 - 768),
        ("2G", 16000, 2048),
        ("1500m", 16000, 1500),
        (" 8g ", 16000, 8192),
    ],
)
def test_the_heap_is_what_is_asked_or_what_the_machine_can_spare(
    monkeypatch: pytest.MonkeyPatch, asked: str | None, available: int, heap: int
) -> None:
    free(monkeypatch, available)
    monkeypatch.delenv("FINLAKE_TRINO_HEAP", raising=False)
    if asked:
        monkeypatch.setenv("FINLAKE_TRINO_HEAP", asked)

    assert heap_mib() == heap


@pytest.mark.parametrize(
    ("asked", "available", "says"),
    [
        (None, 1000, "Too little memory to start the engine"),
        ("6G", 5000, "Too little memory for a heap of 6G"),
        ("lots", 16000, "FINLAKE_TRINO_HEAP is 'lots'"),
        ("512M", 16000, "at least 1024M"),
    ],
)
def test_too_little_memory_and_a_wrong_setting_are_said(
    monkeypatch: pytest.MonkeyPatch, asked: str | None, available: int, says: str
) -> None:
    free(monkeypatch, available)
    monkeypatch.delenv("FINLAKE_TRINO_HEAP", raising=False)
    if asked:
        monkeypatch.setenv("FINLAKE_TRINO_HEAP", asked)

    with pytest.raises(LocalAwsError, match=says):
        heap_mib()


def test_both_catalogs_go_to_the_endpoint_and_a_query_may_take_half_of_the_heap(tmp_path: Path) -> None:
    settings = EngineSettings(8123, "http://127.0.0.1:5577", "sa-east-1", 3000, small=True)

    write_settings(settings, Path("/trino"), tmp_path)

    config = properties(tmp_path / "etc/config.properties")
    assert config["http-server.http.port"] == "8123"
    assert config["query.max-memory"] == config["query.max-memory-per-node"] == "1500MB"
    for catalog, connector in (("awsdatacatalog", "iceberg"), ("hive", "hive")):
        written = properties(tmp_path / f"etc/catalog/{catalog}.properties")
        assert written["connector.name"] == connector
        assert (
            written["hive.metastore.glue.endpoint-url"] == written["s3.endpoint"] == "http://127.0.0.1:5577"
        )
        assert written["s3.region"] == "sa-east-1"


def test_an_engine_for_small_tables_is_compiled_quickly() -> None:
    small = EngineSettings(1, "http://127.0.0.1:2", "sa-east-1", 2048, small=True)
    large = EngineSettings(1, "http://127.0.0.1:2", "sa-east-1", 2048, small=False)

    assert "-Xmx2048M" in jvm_options(small)
    assert {"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"} <= set(jvm_options(small))
    assert "-XX:TieredStopAtLevel=1" not in jvm_options(large)
    assert "-XX:+UseG1GC" in jvm_options(large)
    assert not [option for option in jvm_options(large) if not option.startswith("-")]


def properties(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if not line.startswith("#"))
