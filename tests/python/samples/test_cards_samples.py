"""The invented portfolio: true format, plausible behaviour, the same for the same seed."""

import csv
import hashlib
import io
import json
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samples.cards import Form, Request, make
from samples.cards.portfolio import WRITTEN_OFF_AFTER
from samples.cli import app

FIRST, LAST = "2023-11", "2024-05"


def rows_of(path: Path, form: Form) -> list[dict[str, str]]:
    """The rows of a file, read the way everybody reads them."""
    text = path.read_bytes().decode(form.encoding)
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=form.separator))


def every(folder: Path, kind: str, form: Form | None = None) -> list[dict[str, str]]:
    """The rows of all files of one kind."""
    return [row for path in sorted(folder.glob(f"tb_{kind}_*.csv")) for row in rows_of(path, form or Form())]


def hashes(folder: Path) -> dict[str, str]:
    """What each file holds, by name."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("tb_*.csv")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven months around a leap day."""
    out = tmp_path_factory.mktemp("samples")
    make(Request(out, FIRST, LAST, customers=3000, seed=11))
    return out


@pytest.fixture(scope="module")
def invoices(folder: Path) -> dict[str, dict[str, str]]:
    return {row["id_fatura"]: row for row in every(folder, "faturas")}


@pytest.fixture(scope="module")
def payments(folder: Path) -> list[dict[str, str]]:
    return every(folder, "pagamentos")


def test_there_are_two_files_for_each_month_and_each_holds_the_facts_of_its_month(folder: Path) -> None:
    months = ["202311", "202312", "202401", "202402", "202403", "202404", "202405"]
    assert set(hashes(folder)) == {
        f"tb_{kind}_{month}.csv" for month in months for kind in ("faturas", "pagamentos")
    }
    dated = {"faturas": "data_emissao", "pagamentos": "data_pagamento"}
    for path in folder.glob("tb_*.csv"):
        _, kind, month = path.stem.split("_")
        rows = rows_of(path, Form())
        assert {row[dated[kind]][:7].replace("-", "") for row in rows} == {month}


def test_keys_are_unique_and_payments_are_of_invoices_of_their_customer(
    invoices: dict[str, dict[str, str]], payments: list[dict[str, str]], folder: Path
) -> None:
    assert len(invoices) == len(every(folder, "faturas"))
    assert len({row["id_pagamento"] for row in payments}) == len(payments)
    for row in invoices.values():
        assert row["id_fatura"].split("-")[0] == row["id_cliente"]
        assert Decimal(row["valor_pagamento_minimo"]) <= Decimal(row["valor_fatura"])
        assert row["data_emissao"] < row["data_vencimento"]
    for row in payments:
        assert row["id_pagamento"].split("-")[:2] == ["PG", row["id_cliente"]]
        assert row["id_fatura"].split("-")[0] == row["id_cliente"]
        assert Decimal(row["valor_pagamento"]) > 0
        # one may be paid before it is issued; the last month's may be issued after the files end
        assert row["id_fatura"] in invoices or row["data_pagamento"] >= "2024-05-25"


def test_invoices_are_numbered_by_customer_without_a_gap(invoices: dict[str, dict[str, str]]) -> None:
    numbers: dict[str, list[int]] = {}
    for row in sorted(invoices.values(), key=lambda row: row["data_emissao"]):
        numbers.setdefault(row["id_cliente"], []).append(int(row["id_fatura"].split("-")[1]))
    assert all(given == list(range(1, len(given) + 1)) for given in numbers.values())


def test_every_oddity_of_real_life_is_there(
    invoices: dict[str, dict[str, str]], payments: list[dict[str, str]]
) -> None:
    times = Counter(row["id_fatura"] for row in payments)
    paid: Counter[str] = Counter()
    found = set()
    for row in payments:
        if (invoice := invoices.get(row["id_fatura"])) is None:
            continue
        paid[row["id_fatura"]] += int(Decimal(row["valor_pagamento"]) * 100)
        late = (
            date.fromisoformat(row["data_pagamento"]) - date.fromisoformat(invoice["data_vencimento"])
        ).days
        found |= {"before the invoice"} if row["data_pagamento"] < invoice["data_emissao"] else set()
        found |= {f"{bucket} days late" for bucket in (1, 30, 60, 90) if late >= bucket}
        found |= {"on the leap day"} if row["data_pagamento"] == "2024-02-29" else set()
    for key, invoice in invoices.items():
        whole, minimum = (
            int(Decimal(invoice[name]) * 100) for name in ("valor_fatura", "valor_pagamento_minimo")
        )
        kinds = {
            "nothing to pay": whole == 0,
            "unpaid": whole > 0 and paid[key] == 0,
            "a token": 0 < paid[key] < minimum,
            "the minimum": paid[key] == minimum > 0,
            "in part": minimum < paid[key] < whole,
            "whole": paid[key] == whole > 0,
            "above": paid[key] > whole,
            "several payments": times[key] > 2,
            "due in the next month": invoice["data_emissao"][:7] < invoice["data_vencimento"][:7],
            "issued on the leap day": invoice["data_emissao"] == "2024-02-29",
        }
        found |= {kind for kind, is_so in kinds.items() if is_so}
    assert len(found) == 16, found


def test_customers_come_and_go_and_some_skip_months(invoices: dict[str, dict[str, str]]) -> None:
    of: dict[str, set[int]] = {}
    for row in invoices.values():
        of.setdefault(row["id_cliente"], set()).add(_month(row["data_emissao"]))
    first, last = min(min(seen) for seen in of.values()), max(max(seen) for seen in of.values())
    assert sum(min(seen) == first for seen in of.values()) > 0.7 * len(of)
    assert all(any(min(seen) == month for seen in of.values()) for month in range(first, last + 1))
    assert any(max(seen) < last - 2 for seen in of.values())
    assert any(max(seen) - min(seen) + 1 > len(seen) for seen in of.values())


def test_in_a_steady_portfolio_nobody_comes_or_goes_or_pays_after_years(tmp_path: Path) -> None:
    make(Request(tmp_path, FIRST, "2029-10", customers=200, steady=True))
    months = [list(rows_of(path, Form())) for path in sorted(tmp_path.glob("tb_f*"))]
    holders = [{row["id_cliente"] for row in rows} for rows in months]
    assert len(holders[0]) == 200
    assert set().union(*holders[-12:]) == holders[0] == set().union(*holders)
    issued = {row["id_fatura"]: _month(row["data_emissao"]) for rows in months for row in rows}
    late = [
        _month(row["data_pagamento"]) - issued[row["id_fatura"]]
        for path in tmp_path.glob("tb_p*")
        for row in rows_of(path, Form())
    ]
    assert max(late) == WRITTEN_OFF_AFTER


def _month(day: str) -> int:
    year, month, _ = map(int, day.split("-"))
    return year * 12 + month


def test_what_make_tells_is_what_the_files_hold(tmp_path: Path) -> None:
    for one in make(Request(tmp_path, FIRST, LAST, customers=300)):
        rows = rows_of(one.path, Form())
        amount = "valor_fatura" if one.kind == "faturas" else "valor_pagamento"
        assert one.rows == len(rows)
        assert Decimal(one.cents) / 100 == sum(Decimal(row[amount]) for row in rows)
        assert one.bytes == one.path.stat().st_size
        assert one.path.name == f"tb_{one.kind}_{one.month}.csv"


def test_the_same_seed_makes_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        make(Request(tmp_path / name, FIRST, LAST, customers=200, seed=seed, dirty=True))
    assert hashes(tmp_path / "one") == hashes(tmp_path / "again")
    assert hashes(tmp_path / "one") != hashes(tmp_path / "other")


def test_months_that_are_added_leave_the_earlier_ones_as_they_were(tmp_path: Path) -> None:
    make(Request(tmp_path / "less", FIRST, "2024-02", customers=400))
    make(Request(tmp_path / "more", FIRST, LAST, customers=400))
    assert hashes(tmp_path / "less").items() <= hashes(tmp_path / "more").items()


def test_customers_that_are_added_leave_the_others_as_they_were(tmp_path: Path) -> None:
    make(Request(tmp_path / "less", FIRST, FIRST, customers=100))
    make(Request(tmp_path / "more", FIRST, FIRST, customers=20_100))
    less, more = (every(tmp_path / name, "faturas") for name in ("less", "more"))
    assert [row for row in more if int(row["id_cliente"]) <= 100] == less
    assert {int(row["id_cliente"]) > 20_000 for row in more} == {False, True}


@pytest.mark.parametrize(
    "form",
    [
        Form(";", ",", "dmy", "latin-1", "\r\n"),
        Form(";", ",", "dmy", "latin-1", "\r\n", wide=True),
        Form(",", ",", "dmy", "utf-8-sig", "\n", wide=True),
    ],
)
def test_a_form_changes_how_facts_are_written_and_no_fact(tmp_path: Path, form: Form) -> None:
    make(Request(tmp_path / "plain", FIRST, "2023-12", customers=50))
    make(Request(tmp_path / "formed", FIRST, "2023-12", customers=50, forms=(form,)))
    for kind in ("faturas", "pagamentos"):
        plain, formed = every(tmp_path / "plain", kind), every(tmp_path / "formed", kind, form)
        assert len(plain) == len(formed) > 0
        for one, other in zip(plain, formed, strict=True):
            assert {name: _unformed(name, other[name]) for name in one} == one
        assert len(formed[0]) == (10 if kind == "faturas" else 7) if form.wide else len(plain[0])
    content = (tmp_path / "formed" / "tb_faturas_202311.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") == (form.encoding == "utf-8-sig")
    assert (b"\r\n" in content) == (form.line_end == "\r\n")


def _unformed(name: str, value: str) -> str:
    if name.startswith("valor_"):
        return value.replace(",", ".")
    if name.startswith("data_"):
        return "-".join(reversed(value.split("/")))
    return value


def test_dirt_is_where_its_account_says(tmp_path: Path) -> None:
    form = Form(";", ",", "dmy", "latin-1", "\r\n", wide=True)
    make(Request(tmp_path, FIRST, LAST, customers=300, dirty=True, forms=(form,)))
    dirt = json.loads((tmp_path / "dirt.json").read_text(encoding="utf-8"))
    assert {one["outcome"] for one in dirt["files"]} == {"refused", "duplicate", "landed"}
    assert all((tmp_path / one["file"]).is_file() for one in dirt["files"])
    assert {one["outcome"] for one in dirt["rows"]} == {
        "quarantined",
        "duplicate",
        "correction",
        "pending",
        "valid",
    }
    for one in dirt["rows"]:
        lines = (tmp_path / one["file"]).read_bytes().decode("latin-1").split("\n")
        start = f'"{one["key"]}"' if one["fault"] == "all_quoted" else one["key"]
        assert lines[one["line"] - 1].startswith(f"{start};"), one
    missing = next(one for one in dirt["files"] if one["kind"] == "missing")
    assert not (tmp_path / Path(missing["file"]).name).exists()


def test_only_the_beginning_of_a_file_has_a_bom(tmp_path: Path) -> None:
    make(Request(tmp_path, FIRST, LAST, customers=50, dirty=True, forms=(Form(encoding="utf-8-sig"),)))
    files = [*tmp_path.glob("tb_faturas_2*.csv"), *tmp_path.glob("later/*.csv")]
    assert len(files) > 8
    for path in files:
        assert b"\xef\xbb\xbf" not in path.read_bytes()[1:], path.name


def test_invoices_that_come_late_are_not_in_their_months_file(tmp_path: Path) -> None:
    made = make(Request(tmp_path / "dirty", FIRST, LAST, customers=300, dirty=True))
    make(Request(tmp_path / "clean", FIRST, LAST, customers=300))
    (late,) = (tmp_path / "dirty" / "later").glob("*_late.csv")
    name = late.name.replace("_late", "")
    late_keys = {row["id_fatura"] for row in rows_of(late, Form())}
    there = {row["id_fatura"] for row in rows_of(tmp_path / "dirty" / name, Form())}
    assert len(late_keys) == 3
    assert not late_keys & there
    clean = {row["id_fatura"] for row in rows_of(tmp_path / "clean" / name, Form())}
    assert clean <= late_keys | there
    assert next(one.rows for one in made if one.path.name == name) == len(clean) - 3


def test_memory_does_not_grow_with_the_customers(tmp_path: Path) -> None:
    def peak(customers: int) -> int:
        code = (
            "import resource, sys; from pathlib import Path; from samples.cards import Request, make\n"
            f"make(Request(Path(sys.argv[1]), '2023-01', '2023-03', customers={customers}))\n"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run(
            [sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=True
        )
        return int(done.stdout)

    assert peak(160_000) < 1.15 * peak(40_000)


def test_the_command_makes_what_it_is_asked_for(tmp_path: Path) -> None:
    asked = ["cards", "--out", str(tmp_path), "--from", "2023-01", "--to", "2023-03", "--customers", "20"]
    form = ["--separator", ";", "--decimal", ",", "--dates", "dmy", "--encoding", "latin-1", "--dirt"]
    result = CliRunner().invoke(app, [*asked, *form])
    assert result.exit_code == 0
    assert "6 files" in result.stderr
    (row, *_) = rows_of(tmp_path / "tb_faturas_202301.csv", Form(";"))
    assert row["data_emissao"].endswith("/01/2023")
    assert "," in row["valor_fatura"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--from", "2023-13", "--to", "2023-12"], "no month"),
        (["--from", "2023-03", "--to", "2023-01"], "comes after"),
        (["--from", "2023-01", "--to", "2023-02", "--dirt"], "3 months"),
        (["--from", "2023-01", "--to", "2023-02", "--separator", "|"], "--separator"),
    ],
)
def test_what_cannot_be_made_is_said(tmp_path: Path, options: list[str], told: str) -> None:
    result = CliRunner().invoke(app, ["cards", "--out", str(tmp_path), *options], env={"COLUMNS": "200"})
    assert result.exit_code == 2
    assert told in result.stderr
