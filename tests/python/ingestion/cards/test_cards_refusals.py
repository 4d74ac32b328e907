"""A file that cannot be read as a whole is refused, kept, told in the control table; the rest goes on."""

import json
from pathlib import Path

import pytest

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
    read,
)

WHOLE = invoices(INVOICE)
REFUSED = {
    "missing_column": csv(INVOICE_HEADER.replace("valor_fatura", "valor"), INVOICE),
    "duplicate_column": csv(f"{INVOICE_HEADER},ID_CLIENTE", f"{INVOICE},1"),
    "empty": b"",
    "no_rows": csv(INVOICE_HEADER),
    "unreadable_encoding": WHOLE.decode().encode("utf-16"),
    "line_too_long": WHOLE + b"x" * (6 << 20),
    "other_month": invoices(INVOICE.replace("2023-03", "2023-02")),
}


@pytest.mark.parametrize("reason", list(REFUSED))
def test_a_refused_file_is_kept_with_its_reason_and_lands_no_row(
    cards: CardsLake, tmp_path: Path, reason: str
) -> None:
    path = file(tmp_path, REFUSED[reason])
    done = cards.ingest("--from", path)
    assert done.status == 1
    assert done.stderr.startswith(f"{INVOICES}")
    assert f": {reason}: " in done.stderr
    (told,) = cards.control()
    assert (told["status"], told["reason"], told["period"]) == ("refused", reason, "202303")
    assert (told["entity"], told["domain"], told["rows_landed"]) == ("tb_faturas", "cards", None)
    assert cards.content(told["s3_uri"].removeprefix(f"s3://{cards.bucket}/")) == path.read_bytes()
    assert cards.rows("tb_faturas") == []


def test_what_is_good_lands_beside_what_is_refused(cards: CardsLake, tmp_path: Path) -> None:
    for number, content in enumerate(REFUSED.values()):
        file(tmp_path, content, f"tb_faturas_202303_{number}.csv")
    file(tmp_path, WHOLE)
    file(tmp_path, csv(PAYMENT_HEADER, "PG-1-1,1-1,1,2023-03-09,40.00"), PAYMENTS)
    file(tmp_path, WHOLE, "faturas_202303.csv")
    file(tmp_path, b"not for us", "README.md")
    done = cards.ingest("--from", tmp_path, "--json")
    assert done.status == 1
    outcomes = {one["file"]: (one["status"], one["reason"]) for one in done.files}
    assert outcomes.pop(INVOICES) == outcomes.pop(PAYMENTS) == ("landed", None)
    assert outcomes.pop("faturas_202303.csv") == ("refused", "unknown_name")
    assert list(outcomes.values()) == [("refused", reason) for reason in REFUSED]
    assert "README.md" in done.stderr.splitlines()[0]
    assert len(cards.rows("tb_faturas")) == len(cards.rows("tb_pagamentos")) == 1


@pytest.mark.parametrize(
    "name",
    [
        "faturas_202303.csv",
        "tb_faturas.csv",
        "tb_faturas_202313.csv",
        "tb_faturas_2023031.csv",
        "tb_boletos_202303.csv",
        "x_tb_faturas_202303.csv",
    ],
)
def test_a_name_that_tells_no_table_and_month_is_refused_and_never_guessed(name: str) -> None:
    assert read(WHOLE, name).reason == "unknown_name"


def test_a_file_of_no_known_name_is_kept_and_lands_when_it_is_called_right(
    cards: CardsLake, tmp_path: Path
) -> None:
    path = file(tmp_path, WHOLE, "faturas_202303.csv")
    assert cards.ingest("--from", path).status == 1
    (told,) = cards.control()
    assert (told["reason"], told["entity"], told["period"]) == ("unknown_name", "unknown", None)
    assert cards.objects("files/") == [f"files/cards/unknown/{told['file_hash']}/faturas_202303.csv"]
    assert cards.ingest("--from", path.rename(tmp_path / INVOICES)).status == 0
    assert len(cards.rows("tb_faturas")) == 1


def test_a_file_under_another_months_name_is_refused_and_lands_under_its_own(
    cards: CardsLake, tmp_path: Path
) -> None:
    path = file(tmp_path, WHOLE, "tb_faturas_202302.csv")
    done = cards.ingest("--from", path)
    assert done.status == 1
    assert "tb_faturas_202302.csv:2: other_month: " in done.stderr
    assert "as 2023-03-05." in done.stderr
    assert cards.ingest("--from", path.rename(tmp_path / INVOICES)).status == 0
    assert cards.rows("tb_faturas")[0]["file_month"] == "202303"


def test_a_file_with_one_fact_of_the_month_it_is_called_by_lands_again_under_its_right_name(
    cards: CardsLake, tmp_path: Path
) -> None:
    """All but one of its rows are refused by staging, and have to come with the right name."""
    path = file(tmp_path, invoices(INVOICE, f"2{INVOICE[1:]}".replace("2023-03-05", "2023-02-05")))
    assert cards.ingest("--from", path).status == 0
    path = path.rename(tmp_path / "tb_faturas_202302.csv")
    (renamed,) = cards.ingest("--from", path, "--json").files
    (again,) = cards.ingest("--from", path.rename(tmp_path / "tb_faturas_202302_v2.csv"), "--json").files
    assert (renamed["status"], again["status"]) == ("landed", "duplicate")
    assert [row["file_month"] for row in cards.rows("tb_faturas")] == ["202302"] * 2 + ["202303"] * 2


def test_single_rows_of_another_month_are_judged_in_staging() -> None:
    other = INVOICE.replace("2023-03-05", "2023-04-01")
    assert read(invoices(other, INVOICE, "x")).column("data_emissao") == ["2023-04-01", "2023-03-05", None]
    dmy = "1-1,1,31/02/2023,15/03/2023,1.00,1.00", "1-1,1,05/03/2023,15/03/2023,1.00,1.00"
    assert read(invoices(*dmy)).reason is None
    assert read(invoices(dmy[0])).reason == "other_month"


@pytest.mark.parametrize(
    "name",
    [
        "tb_faturas_202303_v2.csv",
        "TB_FATURAS_202303.CSV",
        "tb_faturas_202303 (1).csv",
        "tb_faturas_202303.txt",
    ],
)
def test_what_follows_the_month_is_free(name: str) -> None:
    (row,) = read(WHOLE, name).rows
    assert (row["file_month"], row["file_name"]) == ("202303", name)


@pytest.mark.parametrize(
    "content",
    [
        WHOLE.decode().encode("utf-16-le"),
        WHOLE.decode().encode("utf-32"),
        b"\xff\xfe",
        bytes(range(256)) * 8,
        WHOLE + b"\0",
        csv(f"{INVOICE_HEADER},nome", f"{INVOICE},José") + f"{INVOICE},José\n".encode("latin-1") * 100_000,
    ],
)
def test_bytes_that_are_no_text_in_one_encoding_are_refused(content: bytes) -> None:
    # the last one shows both encodings in one block of 4 MiB, and is latin-1 in it and after it
    expected = (
        None if content.startswith(b"id_fatura") and not content.endswith(b"\0") else "unreadable_encoding"
    )
    assert read(content).reason == expected


def test_a_file_that_changes_its_encoding_on_the_way_is_refused_with_the_line() -> None:
    begin = csv(f"{INVOICE_HEADER},nome", *[f"{INVOICE},José"] * 150_000)
    found = read(begin + f"{INVOICE},José\n".encode("latin-1"))
    assert found.refusal
    assert (found.reason, found.refusal.line) == ("unreadable_encoding", 150_002)


def test_a_header_says_what_it_lacks_and_what_it_has() -> None:
    found = read(csv("id_fatura;id_cliente;data_emissao;vencimento;valor;minimo", "1;1;1;1;1;1"))
    assert found.refusal
    assert "no column data_vencimento, valor_fatura, valor_pagamento_minimo;" in found.refusal.detail
    assert "'id_fatura;id_cliente;data_emissao;vencimento;valor;minimo'" in found.refusal.detail


def test_a_file_of_faults_alone_lands_each_as_a_malformed_row() -> None:
    found = read(invoices("a", "b;c", "d"))
    assert found.column("malformed_line") == ["a", "b;c", "d"]


def test_the_outcome_for_programs_tells_the_month(cards: CardsLake, tmp_path: Path) -> None:
    (one,) = cards.ingest("--from", file(tmp_path, WHOLE), "--json").files
    assert (one["period"], one["rows"], one["malformed"], one["header_date"]) == ("202303", 1, 0, None)
    assert json.dumps(one)
