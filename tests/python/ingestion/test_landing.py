"""Given a file, when it is landed, then these objects, rows and control rows are in the lake."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import awswrangler as wr
import boto3
import pytest

from ingestion import control, keep, land, raw
from tests.python.ingestion.conftest import LakeOfTest
from tests.python.ingestion.cotahist_lines import file, packed, row, rows, text

WHOLE = text(row(), row(codneg="VALE3", preult="7886"))
HASH = hashlib.sha256(WHOLE).hexdigest()
PACKED = packed(WHOLE)
PACKED_HASH = hashlib.sha256(PACKED).hexdigest()


def test_a_whole_file_lands_with_every_field_as_it_is_in_the_text(lake: LakeOfTest, tmp_path: Path) -> None:
    lake.land(file(tmp_path, WHOLE))
    petr4, vale3 = lake.raw()
    assert petr4 | {"landed_at": None} == {
        "tipreg": "01",
        "data": "20260306",
        "codbdi": "02",
        "codneg": "PETR4       ",
        "tpmerc": "010",
        "nomres": "PETROBRAS   ",
        "especi": "PN      N2",
        "prazot": "   ",
        "modref": "R$  ",
        "preabe": "0000000000000",
        "premax": "0000000000000",
        "premin": "0000000000000",
        "premed": "0000000000000",
        "preult": "0000000004211",
        "preofc": "0000000000000",
        "preofv": "0000000000000",
        "totneg": "09463",
        "quatot": "000000000087228000",
        "voltot": "000000369345177100",
        "preexe": "0000000000000",
        "indopc": "0",
        "datven": "99991231",
        "fatcot": "0000001",
        "ptoexe": "0000000000000",
        "codisi": "BRPETRACNPR6",
        "dismes": "224",
        "file_name": "COTAHIST_D06032026.TXT",
        "line_number": 2,
        "header_date": "20260306",
        "file_scope": "day",
        "malformed_line": None,
        "landed_at": None,
        "file_hash": HASH,
    }
    assert (vale3["codneg"], vale3["preult"], vale3["line_number"]) == ("VALE3       ", "0000000007886", 3)


def test_the_control_row_tells_what_landed(lake: LakeOfTest, tmp_path: Path) -> None:
    before = datetime.now(UTC).replace(tzinfo=None)
    path = file(tmp_path, PACKED, "COTAHIST_D06032026.ZIP")
    lake.land(path)
    (told,) = lake.control()
    landed_at, attempt = told.pop("landed_at"), told.pop("attempt_id")
    assert told == {
        "entity": "cotahist",
        "status": "landed",
        "reason": None,
        "detail": None,
        "file_name": "COTAHIST_D06032026.ZIP",
        "file_hash": HASH,
        "file_size": path.stat().st_size,
        "origin": str(path),
        "s3_uri": f"s3://{lake.bucket}/files/b3/cotahist/{PACKED_HASH}/COTAHIST_D06032026.ZIP",
        "header_date": "20260306",
        "rows_expected": 4,
        "rows_landed": 2,
        "rows_malformed": 0,
        "period": None,
        "domain": "b3",
    }
    assert (landed_at - before).total_seconds() > -0.001
    assert attempt.startswith(f"{landed_at:%Y%m%dT%H%M%S}")


def test_the_keys_come_from_the_content(lake: LakeOfTest, tmp_path: Path) -> None:
    lake.land(file(tmp_path, PACKED, "COTAHIST_D06032026.ZIP"))
    assert lake.objects() == [
        f"files/b3/cotahist/{PACKED_HASH}/COTAHIST_D06032026.ZIP",
        f"raw/b3_cotahist/file_hash={HASH}/part-00000.parquet",
        f"raw/file_control/domain=b3/landed-cotahist-{HASH}.parquet",
    ]


def test_the_file_is_kept_byte_for_byte(lake: LakeOfTest, tmp_path: Path) -> None:
    path = file(tmp_path, PACKED, "COTAHIST_D06032026.ZIP")
    lake.land(path)
    assert lake.content(f"files/b3/cotahist/{PACKED_HASH}/COTAHIST_D06032026.ZIP") == path.read_bytes()


def test_the_tables_are_in_the_catalog_with_types_and_comments(lake: LakeOfTest, tmp_path: Path) -> None:
    lake.land(file(tmp_path, WHOLE))
    types = wr.catalog.get_table_types(lake.database, "b3_cotahist")
    assert {name for name, kind in types.items() if kind == "string"} == set(types) - {
        "line_number",
        "landed_at",
    }
    assert (types["line_number"], types["landed_at"]) == ("bigint", "timestamp")
    assert all(
        wr.catalog.get_columns_comments(lake.database, "b3_cotahist")[name] for name in list(types)[:-1]
    )
    assert wr.catalog.get_table_types(lake.database, "file_control") == {
        "entity": "string",
        "attempt_id": "string",
        "status": "string",
        "reason": "string",
        "detail": "string",
        "file_name": "string",
        "file_hash": "string",
        "file_size": "bigint",
        "origin": "string",
        "s3_uri": "string",
        "header_date": "string",
        "rows_expected": "bigint",
        "rows_landed": "bigint",
        "rows_malformed": "bigint",
        "landed_at": "timestamp",
        "period": "string",
        "domain": "string",
    }


def test_landing_twice_changes_nothing_and_is_told(lake: LakeOfTest, tmp_path: Path) -> None:
    path = file(tmp_path, WHOLE)
    lake.land(path)
    before, objects = lake.raw(), {key: lake.content(key) for key in lake.objects()}
    (again,) = lake.land(path)
    assert again["status"] == "duplicate"
    assert lake.raw() == before
    assert {key: lake.content(key) for key in lake.objects() if key in objects} == objects
    assert [told["status"] for told in lake.control()] == ["landed", "duplicate"]


def test_zip_and_text_of_one_content_are_one_file(lake: LakeOfTest, tmp_path: Path) -> None:
    outcomes = lake.land(file(tmp_path, packed(WHOLE), "a.zip"), file(tmp_path, WHOLE, "a.txt"))
    assert [outcome["status"] for outcome in outcomes] == ["landed", "duplicate"]
    assert len(lake.raw()) == 2


def test_what_was_packed_again_is_kept_beside_the_first_and_its_row_points_at_it(
    lake: LakeOfTest, tmp_path: Path
) -> None:
    contents = [PACKED, packed(WHOLE, "packed_again.txt")]
    for content in contents:
        lake.land(file(tmp_path, content, "COTAHIST_D06032026.ZIP"))
    control = lake.control()
    assert [told["status"] for told in control] == ["landed", "duplicate"]
    keys = [told["s3_uri"].removeprefix(f"s3://{lake.bucket}/") for told in control]
    assert [lake.content(key) for key in keys] == contents


def test_a_copy_in_the_same_folder_is_a_duplicate(lake: LakeOfTest, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.TXT"):
        file(tmp_path, WHOLE, name)
    run = lake.ingest("--from", tmp_path, "--json")
    assert [(one["file"], one["status"]) for one in run.files] == [
        ("a.txt", "landed"),
        ("b.txt", "duplicate"),
        ("c.TXT", "duplicate"),
    ]
    assert run.status == 0
    assert len(lake.raw()) == 2


def test_a_refused_copy_is_refused_again_and_no_duplicate(lake: LakeOfTest, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        file(tmp_path, text(row(), count=9), name)
    outcomes = lake.ingest("--from", tmp_path, "--json").files
    assert [one["status"] for one in outcomes] == ["refused", "refused"]


def test_another_content_of_the_same_session_lands_beside_the_first(lake: LakeOfTest, tmp_path: Path) -> None:
    first = file(tmp_path, WHOLE, "first.txt")
    second = file(tmp_path, text(row(preult="4212")), "second.txt")
    lake.land(first, second)
    assert [told["status"] for told in lake.control()] == ["landed", "landed"]
    assert len({told["file_hash"] for told in lake.raw()}) == 2


def test_files_of_a_folder_have_landing_times_in_their_order(lake: LakeOfTest, tmp_path: Path) -> None:
    for index in range(6):
        file(tmp_path, text(row(preult=str(index))), f"{index}.txt")
    lake.ingest("--from", tmp_path)
    times = {told["file_name"]: told["landed_at"] for told in lake.control()}
    assert sorted(times, key=lambda name: times[name]) == [f"{index}.txt" for index in range(6)]
    assert len(set(times.values())) == 6


@pytest.mark.parametrize(
    ("module", "step"),
    [
        (land, "keep"),
        (raw, "upload"),
        (raw, "register"),
        (control, "write"),
    ],
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_killed_between_two_steps_is_made_whole_by_the_next(  # noqa: PLR0917
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str, moment: str
) -> None:
    path = file(tmp_path, text(*rows(40)))
    done = getattr(module, step)

    def killed(*arguments: object) -> None:
        if moment == "after":
            done(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, killed)
        assert lake.ingest("--from", path).status not in (0, 1, 2)
    lake.ingest("--from", path)
    landed = [told for told in lake.control() if told["status"] == "landed"]
    assert [told["rows_landed"] for told in landed] == [40]
    assert [told["line_number"] for told in lake.raw()] == list(range(2, 42))
    assert len(lake.objects("files/")) == 1


def test_parts_that_a_killed_run_left_behind_are_taken_away(lake: LakeOfTest, tmp_path: Path) -> None:
    (first,) = lake.land(file(tmp_path, WHOLE, "other.txt"))
    path = file(tmp_path, text(row(codneg="ITUB4")))
    left = f"raw/b3_cotahist/file_hash={hashlib.sha256(path.read_bytes()).hexdigest()}/part-00007.parquet"
    part = lake.content(f"raw/b3_cotahist/file_hash={first['file_hash']}/part-00000.parquet")
    boto3.client("s3").put_object(Bucket=lake.bucket, Key=left, Body=part)
    lake.land(path)
    assert left not in lake.objects()
    assert [told["codneg"].strip() for told in lake.raw()].count("ITUB4") == 1
    assert len(lake.raw()) == 3


def test_a_partition_lost_from_the_catalog_comes_back_with_the_next_attempt(
    lake: LakeOfTest, tmp_path: Path
) -> None:
    path = file(tmp_path, WHOLE)
    lake.land(path)
    wr.catalog.delete_all_partitions("b3_cotahist", lake.database)
    assert lake.raw() == []
    lake.land(path)
    assert len(lake.raw()) == 2


def test_a_run_that_makes_the_tables_after_another_one_leaves_its_partitions(
    lake: LakeOfTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two first runs side by side: both have seen that there are no tables yet."""
    lake.land(file(tmp_path, WHOLE))
    monkeypatch.setattr(wr.catalog, "does_table_exist", lambda *_, **__: False)
    monkeypatch.setattr(wr.catalog, "get_table_types", lambda *_, **__: None)
    lake.land(file(tmp_path, text(row(codneg="ITUB4")), "other.txt"))
    assert len(lake.control()) == 2
    assert [told["codneg"].strip() for told in lake.raw()].count("PETR4") == 1
    assert len(lake.raw()) == 3


def test_a_kept_file_is_never_rewritten(lake: LakeOfTest, tmp_path: Path) -> None:
    first = keep.Received(file(tmp_path, b"first"), "here")
    second = keep.Received(file(tmp_path, b"second", "other.txt"), "there")
    for received in (first, second):
        keep.keep(received, f"s3://{lake.bucket}/files/one", boto3.Session())
    assert lake.content("files/one") == b"first"
