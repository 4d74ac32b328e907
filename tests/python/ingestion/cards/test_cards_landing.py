"""Given files of cards, when they are landed, then these objects, rows and control rows are in the lake."""

import hashlib
import json
import signal
import subprocess
import sys
from pathlib import Path

import awswrangler as wr
import boto3
import pytest
import yaml

from ingestion import control, land, raw
from ingestion.expected import raw_table, sources_of
from ingestion.lake import Lake
from samples.cards import Form, Request, make
from tests.python.ingestion.cards.conftest import CardsLake
from tests.python.ingestion.cards.texts import (
    INVOICE,
    INVOICE_HEADER,
    INVOICES,
    PAYMENT_HEADER,
    PAYMENTS,
    csv,
    file,
    invoices,
)
from tests.python.ingestion.cotahist_lines import packed

WHOLE = invoices(INVOICE, f"2{INVOICE[1:]}")
RECEIVED_HASH = hashlib.sha256(WHOLE).hexdigest()
# of the text, and of the month that the name tells
HASH = hashlib.sha256(f"{RECEIVED_HASH} 202303".encode()).hexdigest()
PAID = csv(PAYMENT_HEADER, "PG-1-1,1-1,1,2023-03-09,40.00")
KILLED_AFTER = """
import os, signal, sys
from ingestion import land, raw
from ingestion.cli import app

name, step = sys.argv[1].split(".")
module = {"land": land, "raw": raw}[name]
done = getattr(module, step)

def killed(*arguments):
    done(*arguments)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(module, step, killed)
app(["cards", "--from", sys.argv[2]])
"""


def test_a_file_is_kept_its_rows_are_a_partition_and_its_control_row_has_its_month(
    cards: CardsLake, tmp_path: Path
) -> None:
    path = file(tmp_path, WHOLE)
    done = cards.ingest("--from", path)
    assert done.status == 0
    assert cards.objects() == [
        f"files/cards/tb_faturas/{RECEIVED_HASH}/{INVOICES}",
        f"raw/cards_tb_faturas/file_hash={HASH}/part-00000.parquet",
        f"raw/file_control/domain=cards/landed-tb_faturas-{HASH}.parquet",
    ]
    assert cards.content(f"files/cards/tb_faturas/{RECEIVED_HASH}/{INVOICES}") == WHOLE
    (told,) = cards.control()
    assert told.pop("landed_at")
    assert told.pop("attempt_id")
    assert told == {
        "entity": "tb_faturas",
        "status": "landed",
        "reason": None,
        "detail": None,
        "file_name": INVOICES,
        "file_hash": HASH,
        "file_size": len(WHOLE),
        "origin": str(path),
        "s3_uri": f"s3://{cards.bucket}/files/cards/tb_faturas/{RECEIVED_HASH}/{INVOICES}",
        "header_date": None,
        "rows_expected": None,
        "rows_landed": 2,
        "rows_malformed": 0,
        "period": "202303",
        "domain": "cards",
    }


def test_the_raw_tables_are_in_the_catalog_as_the_source_declares_them(
    cards: CardsLake, tmp_path: Path
) -> None:
    cards.ingest("--from", file(tmp_path, WHOLE))
    declared = {
        table["name"]: {one["name"]: " ".join(one["description"].split()) for one in table["columns"]}
        for table in yaml.safe_load(sources_of("cards").read_text(encoding="utf-8"))["sources"][0]["tables"]
    }
    assert set(declared) == {"cards_tb_faturas", "cards_tb_pagamentos"}
    for name, columns in declared.items():
        types = wr.catalog.get_table_types(cards.database, name)
        assert list(types) == list(columns)
        odd = {"line_number": "bigint", "landed_at": "timestamp"}
        assert types == {column: odd.get(column, "string") for column in columns}
        comments = wr.catalog.get_columns_comments(cards.database, name)
        assert all(comments[column] == text for column, text in columns.items() if column != "file_hash")


def test_a_table_that_nobody_declared_is_told(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="declares no table cards_tb_boletos"):
        raw_table("cards_tb_boletos", sources_of("cards"))
    other = tmp_path / "sources.yml"
    other.write_text("sources: [{tables: [{name: x, description: y, columns: [{name: a}]}]}]")
    with pytest.raises(ValueError, match="no column of x is marked as expected"):
        raw_table("x", other)


def test_the_same_file_under_two_names_lands_once(cards: CardsLake, tmp_path: Path) -> None:
    file(tmp_path, WHOLE)
    file(tmp_path, WHOLE, "tb_faturas_202303_again.csv")
    file(tmp_path, packed(WHOLE), "tb_faturas_202303_packed.zip")
    done = cards.ingest("--from", tmp_path, "--json")
    assert [one["status"] for one in done.files] == ["landed", "duplicate", "duplicate"]
    assert done.status == 0
    assert len(cards.rows("tb_faturas")) == 2
    assert cards.ingest("--from", tmp_path).status == 0
    assert len(cards.rows("tb_faturas")) == 2


def test_one_content_may_be_a_file_of_both_kinds(cards: CardsLake, tmp_path: Path) -> None:
    both = csv(
        f"{INVOICE_HEADER},id_pagamento,data_pagamento,valor_pagamento", f"{INVOICE},P,2023-03-09,1.00"
    )
    file(tmp_path, both)
    file(tmp_path, both, PAYMENTS)
    assert [one["status"] for one in cards.ingest("--from", tmp_path, "--json").files] == ["landed"] * 2
    assert len(cards.rows("tb_faturas")) == len(cards.rows("tb_pagamentos")) == 1


def test_two_files_of_one_month_both_land_in_the_order_of_their_names(
    cards: CardsLake, tmp_path: Path
) -> None:
    file(tmp_path, WHOLE)
    file(tmp_path, invoices(INVOICE.replace("100.00", "120.00")), "tb_faturas_202303_v2.csv")
    cards.ingest("--from", tmp_path)
    first, second = cards.control()
    assert (first["file_name"], second["file_name"]) == (INVOICES, "tb_faturas_202303_v2.csv")
    assert first["landed_at"] < second["landed_at"]
    assert first["period"] == second["period"] == "202303"
    assert [row["valor_fatura"] for row in cards.rows("tb_faturas")] == ["100.00", "100.00", "120.00"]


@pytest.mark.parametrize(
    ("module", "step"), [(land, "keep"), (raw, "upload"), (raw, "register"), (control, "write")]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_killed_between_two_steps_is_made_whole_by_the_next(  # noqa: PLR0917
    cards: CardsLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: object, step: str, moment: str
) -> None:
    file(tmp_path, WHOLE)
    file(tmp_path, PAID, PAYMENTS)
    done = getattr(module, step)

    def killed(*arguments: object) -> None:
        if moment == "after":
            done(*arguments)
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, step, killed)
        assert cards.ingest("--from", tmp_path).status not in (0, 1, 2)
    assert cards.ingest("--from", tmp_path).status == 0
    _landed_once(cards)


@pytest.mark.parametrize("step", ["land.keep", "raw.upload", "raw.register"])
def test_a_process_killed_with_no_warning_between_two_steps_is_made_whole_by_the_next(
    cards: CardsLake, tmp_path: Path, step: str
) -> None:
    file(tmp_path, WHOLE)
    file(tmp_path, PAID, PAYMENTS)
    done = subprocess.run([sys.executable, "-c", KILLED_AFTER, step, str(tmp_path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert [told for told in cards.control() if told["status"] == "landed"] == []
    assert cards.ingest("--from", tmp_path).status == 0
    _landed_once(cards)


def _landed_once(cards: CardsLake) -> None:
    landed = {told["entity"]: told["rows_landed"] for told in cards.control() if told["status"] == "landed"}
    assert landed == {"tb_faturas": 2, "tb_pagamentos": 1}
    assert [row["line_number"] for row in cards.rows("tb_faturas")] == [2, 3]
    assert [row["line_number"] for row in cards.rows("tb_pagamentos")] == [2]
    assert len(cards.objects("files/")) == 2


def test_objects_of_s3_land_like_files_oldest_first(cards: CardsLake) -> None:
    s3 = boto3.client("s3")
    for key, content in {
        f"inbox/z/{INVOICES}": WHOLE,
        f"inbox/a/{INVOICES}": invoices(INVOICE.replace("100.00", "120.00")),
        f"inbox/{PAYMENTS}": PAID,
        "inbox/notes.md": b"not for us",
        f"inbox2/{INVOICES}": WHOLE,
    }.items():
        s3.put_object(Bucket=cards.bucket, Key=key, Body=content)
    place = f"s3://{cards.bucket}/inbox"
    done = cards.ingest("--from", place, "--json")
    assert done.status == 0
    assert {one["origin"] for one in done.files} == {
        f"{place}/z/{INVOICES}",
        f"{place}/a/{INVOICES}",
        f"{place}/{PAYMENTS}",
    }
    assert "inbox/notes.md" in done.stderr
    assert len(cards.rows("tb_faturas")) == 3
    assert {told["file_name"] for told in cards.control()} == {INVOICES, PAYMENTS}
    (again,) = cards.ingest("--from", f"s3://{cards.bucket}/inbox2/{INVOICES}", "--json").files
    assert again["status"] == "duplicate"


def test_a_name_may_have_any_character_in_it(cards: CardsLake) -> None:
    names = ["tb_faturas_202303#2.csv", "tb_faturas_202303 é?[1]%20.csv"]
    for number, name in enumerate(names):
        content = invoices(INVOICE, f"{number}2{INVOICE[1:]}")
        boto3.client("s3").put_object(Bucket=cards.bucket, Key=f"in#box?/{name}", Body=content)
    done = cards.ingest("--from", f"s3://{cards.bucket}/in#box?/", "--json")
    assert sorted(one["file"] for one in done.files) == sorted(names)
    assert {key.rpartition("/")[2] for key in cards.objects("files/")} == set(names)
    (again,) = cards.ingest("--from", f"s3://{cards.bucket}/in#box?/{names[0]}", "--json").files
    assert again["status"] == "duplicate"


@pytest.mark.parametrize("place", ["s3://{bucket}/nothing", "s3://{bucket}/inb", "/there/is/no/such/place"])
def test_a_place_without_files_is_wrong_use(cards: CardsLake, place: str) -> None:
    boto3.client("s3").put_object(Bucket=cards.bucket, Key=f"inbox/{INVOICES}", Body=WHOLE)
    done = cards.ingest("--from", place.format(bucket=cards.bucket))
    assert done.status == 2
    assert done.stderr
    assert cards.objects("files/") == []


def test_a_bucket_that_is_not_there_is_told_in_a_sentence(cards: CardsLake) -> None:
    assert cards.objects() == []
    done = cards.ingest("--from", "s3://no-such-bucket-of-tests/x")
    assert done.status == 1
    assert done.stderr.startswith("AWS: ")


def test_a_month_with_one_of_its_two_files_is_told_and_is_no_failure(
    cards: CardsLake, tmp_path: Path
) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    file(first, WHOLE)
    file(first, WHOLE.replace(b"2023-03", b"2023-04"), "tb_faturas_202304.csv")
    file(first, PAID, PAYMENTS)
    done = cards.ingest("--from", first)
    assert done.status == 0
    assert done.stderr == "202304: tb_pagamentos_202304.csv has not come yet, the month's other file has.\n"
    file(second, PAID.replace(b"2023-03", b"2023-04"), "tb_pagamentos_202304.csv")
    done = cards.ingest("--from", second)
    assert (done.status, done.stderr) == (0, "")


def test_a_control_table_of_before_takes_up_the_files_month(
    cards: CardsLake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {name: told for name, told in control.COLUMNS.items() if name != "period"}
    with monkeypatch.context() as patch:
        patch.setattr(control, "COLUMNS", before)
        control.prepare(_lake(cards), "b3", boto3.Session())
    assert "period" not in wr.catalog.get_table_types(cards.database, "file_control")
    cards.ingest("--from", file(tmp_path, WHOLE))
    assert wr.catalog.get_table_types(cards.database, "file_control")["period"] == "string"
    assert [told["period"] for told in cards.control()] == ["202303"]


def _lake(cards: CardsLake) -> Lake:
    return Lake(cards.bucket, cards.database)


@pytest.mark.parametrize("form", [Form(), Form(";", ",", "dmy", "latin-1", "\r\n", wide=True)])
def test_a_portfolio_with_its_dirt_lands_as_its_own_account_tells(
    cards: CardsLake, tmp_path: Path, form: Form
) -> None:
    made = make(Request(tmp_path, "2023-01", "2023-04", customers=120, dirty=True, forms=(form,)))
    dirt = json.loads((tmp_path / "dirt.json").read_text(encoding="utf-8"))
    first, later = (
        cards.ingest("--from", tmp_path, "--json"),
        cards.ingest("--from", tmp_path / "later", "--json"),
    )
    outcomes = {one["file"]: one for one in [*first.files, *later.files]}
    for one in dirt["files"]:
        outcome = outcomes.pop(Path(one["file"]).name)
        assert (outcome["status"], outcome["reason"], outcome["period"]) == (
            one["outcome"],
            one["reason"],
            one["period"],
        )
    assert {one["status"] for one in outcomes.values()} == {"landed"}
    missing = next(one for one in dirt["files"] if one["kind"] == "missing")
    assert f"{missing['period']}: tb_pagamentos_{missing['period']}.csv has not come yet" in first.stderr
    rows = {
        (row["file_name"], row["line_number"]): row
        for kind in ("tb_faturas", "tb_pagamentos")
        for row in cards.rows(kind)
    }
    for one in dirt["rows"]:
        row = rows[one["file"], one["line"]]
        assert (row["malformed_line"] is not None) == (one["reason"] == "malformed_line")
        if row["malformed_line"] is None:
            assert row["id_fatura" if "faturas" in one["file"] else "id_pagamento"] == one["key"]
    faulty = sum(
        one["fault"] not in ("invoice_comes_later",) and "corrected" not in one["file"]
        for one in dirt["rows"]
    )
    late_and_corrected = sum("late" in name or "corrected" in name for name, _ in rows)
    assert len(rows) == sum(one.rows for one in made) + faulty + late_and_corrected
    assert {row["decimal_mark"] for row in rows.values()} == {form.decimal}
    assert {row["date_form"] for row in rows.values()} == {form.dates}
