"""The invented market: true format, plausible prices, the same for the same seed."""

import hashlib
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from typer.testing import CliRunner

from samples.b3.calendar import expiry, sessions
from samples.b3.cotahist import Request, make
from samples.b3.instruments import instruments, with_check_digit
from samples.cli import app

FIRST, LAST = date(2025, 12, 15), date(2026, 2, 27)


def lines_of(path: Path) -> list[str]:
    """The lines of the only member of a ZIP."""
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return archive.read(name).decode("latin-1").split("\r\n")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Daily, monthly and yearly files of some weeks around a new year."""
    out = tmp_path_factory.mktemp("samples")
    make(Request(out, FIRST, LAST, tickers=20, spans=("day", "month", "year")))
    return out


@pytest.fixture(scope="module")
def rows(folder: Path) -> list[str]:
    """The rows of all daily files."""
    return [line for path in sorted(folder.glob("*_D*.ZIP")) for line in lines_of(path)[1:-2]]


def field(row: str, start: int, end: int) -> str:
    """Characters `start` to `end` of a row, from 1, as B3's layout counts them."""
    return row[start - 1 : end]


def test_every_file_has_header_rows_trailer_and_crlf(folder: Path) -> None:
    for path in folder.glob("*.ZIP"):
        *lines, last = lines_of(path)
        assert last == ""
        assert {len(line) for line in lines} == {245}
        assert lines[0].startswith("00COTAHIST.")
        assert lines[-1].startswith("99COTAHIST.")
        assert {line[:2] for line in lines[1:-1]} == {"01"}


def test_totreg_counts_as_b3_does(folder: Path) -> None:
    for path in folder.glob("*.ZIP"):
        lines = lines_of(path)[:-1]
        besides = 0 if "_A" in path.name else 2
        assert int(lines[-1][31:42]) == len(lines) - 2 + besides


def test_there_is_a_file_for_each_session_month_and_year(folder: Path) -> None:
    names = {path.name for path in folder.glob("*.ZIP")}
    assert {name for name in names if "_D" in name} == {
        f"COTAHIST_D{day:%d%m%Y}.ZIP" for day in sessions(FIRST, LAST)
    }
    assert {name for name in names if "_D" not in name} == {
        "COTAHIST_M122025.ZIP",
        "COTAHIST_M012026.ZIP",
        "COTAHIST_M022026.ZIP",
        "COTAHIST_A2025.ZIP",
        "COTAHIST_A2026.ZIP",
    }


def test_a_month_holds_the_rows_of_its_days(folder: Path) -> None:
    daily = [line for path in sorted(folder.glob("*_D*012026.ZIP")) for line in lines_of(path)[1:-2]]
    assert sorted(lines_of(folder / "COTAHIST_M012026.ZIP")[1:-2]) == sorted(daily)


@pytest.mark.parametrize(
    ("closed", "why"),
    [
        (date(2026, 1, 1), "new year"),
        (date(2026, 2, 16), "Carnival"),
        (date(2026, 2, 17), "Carnival"),
        (date(2026, 4, 3), "Good Friday"),
        (date(2026, 6, 4), "Corpus Christi"),
        (date(2026, 11, 20), "Black Consciousness Day"),
        (date(2026, 3, 7), "a Saturday"),
    ],
)
def test_the_exchange_is_closed(closed: date, why: str) -> None:
    assert closed not in sessions(date(2026, 1, 1), date(2026, 12, 31)), why


def test_b3s_own_sessions_are_sessions() -> None:
    known = [date(2026, 2, 25), date(2026, 2, 26), date(2026, 2, 27), date(2026, 3, 2), date(2026, 3, 3)]
    assert sessions(date(2026, 2, 25), date(2026, 3, 3)) == known
    assert len(sessions(date(2025, 1, 1), date(2025, 12, 31))) == 250


def test_options_expire_on_third_fridays() -> None:
    assert expiry(2026, 4) == date(2026, 4, 17)
    assert expiry(2025, 11) == date(2025, 11, 19 + 2)


def test_an_isins_check_digit_is_b3s() -> None:
    for known in ("BRPETRACNPR6", "BRVALEACNOR0", "BRWEGEACNOR0", "BRYDUQACNOR3", "BRBOVACTF003"):
        assert with_check_digit(known[:11]) == known


def test_all_markets_are_in_it(rows: list[str]) -> None:
    assert {field(row, 25, 27) for row in rows} == {"010", "012", "013", "020", "030", "070", "080"}
    assert {field(row, 11, 12) for row in rows} >= {"02", "14", "10", "38", "42", "62", "78", "82", "96"}
    assert {int(field(row, 211, 217)) for row in rows} == {1, 100, 1000, 10000}


def test_keys_are_unique(rows: list[str]) -> None:
    keys = [field(row, 3, 10) + field(row, 13, 27) + field(row, 50, 52) for row in rows]
    assert len(keys) == len(set(keys))


def test_prices_are_in_order_and_volume_is_quantity_times_average(rows: list[str]) -> None:
    for row in rows:
        opened, high, low, average, close = (int(field(row, at, at + 12)) for at in (57, 70, 83, 96, 109))
        assert low <= min(opened, close) <= max(opened, close) <= high
        assert low <= average <= high
        assert low > 0
        volume = int(field(row, 153, 170)) * average // int(field(row, 211, 217))
        assert int(field(row, 171, 188)) == volume


def test_odd_lots_forwards_and_options_look_like_b3s(rows: list[str]) -> None:
    for row in rows:
        ticker, market = field(row, 13, 24).strip(), field(row, 25, 27)
        assert (market == "020") == ticker.endswith("F")
        assert (market == "030") == ticker.endswith("T")
        assert (field(row, 203, 210) == "99991231") == (market in ("010", "020", "030"))
        assert (int(field(row, 189, 201)) > 0) == (market in ("012", "013", "070", "080"))
        assert field(row, 50, 52).isdecimal() == (market in ("012", "013", "030", "070", "080"))


def test_trades_of_the_busiest_paper_wrap_at_five_digits(rows: list[str]) -> None:
    trades = [
        int(field(row, 148, 152))
        for row in rows
        if field(row, 13, 24).strip() == "PETR4" and row[24:27] == "010"
    ]
    assert min(trades) < 40_000
    assert max(trades) > 60_000


def test_the_index_is_a_pseudo_row_with_a_huge_volume_on_expiry_days(rows: list[str]) -> None:
    volumes = {row[2:10]: int(field(row, 171, 188)) for row in rows if field(row, 13, 24).strip() == "IBOV11"}
    assert all(field(row, 237, 239) == "IND" for row in rows if field(row, 13, 24).strip() == "IBOV11")
    on_expiry = [volumes.pop(f"{expiry(*month):%Y%m%d}") for month in ((2025, 12), (2026, 1), (2026, 2))]
    assert min(on_expiry) > 100 * max(volumes.values())
    assert min(on_expiry) > 10**9 * 100


def test_an_illiquid_paper_trades_now_and_then_and_a_newcomer_from_the_middle_on(rows: list[str]) -> None:
    traded = defaultdict(set)
    for row in rows:
        traded[field(row, 13, 24).strip()].add(row[2:10])
    days = sessions(FIRST, LAST)
    assert 0 < len(traded["MSPA4"]) < len(days) / 2
    assert min(traded["IPOB3"]) == f"{days[len(days) // 2]:%Y%m%d}"
    assert len(traded["IPOB3"]) == len(days) - len(days) // 2
    assert len(traded["VALE3"]) == len(days)


def test_going_ex_changes_the_distribution_on_that_day_and_is_shown_for_some(rows: list[str]) -> None:
    by_ticker = defaultdict(list)
    for row in sorted(rows, key=lambda row: row[2:10]):
        if row[24:27] == "010" and row[12:18] != "IBOV11":
            by_ticker[row[12:24]].append(row)
    went_ex = 0
    for own in by_ticker.values():
        for before, after in pairwise(own):
            if field(before, 243, 245) != field(after, 243, 245):
                went_ex += 1
                assert field(after, 44, 45) in ("ED", "EJ")
    assert went_ex > 3


def test_closes_move_like_a_market(rows: list[str]) -> None:
    closes = [
        int(field(row, 109, 121))
        for row in sorted(rows)
        if row[12:24].strip() == "PETR4" and row[24:27] == "010"
    ]
    moves = [abs(after / before - 1) for before, after in pairwise(closes)]
    assert 0.002 < sum(moves) / len(moves) < 0.05
    assert max(moves) < 0.2


def test_the_same_request_makes_the_same_bytes(tmp_path: Path) -> None:
    hashes = []
    for name in ("one", "two"):
        request = Request(tmp_path / name, FIRST, date(2026, 1, 20), tickers=8, dirty=True)
        make(request)
        hashes.append([hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(request.out.iterdir())])
    assert hashes[0] == hashes[1]


def test_another_seed_makes_another_market(tmp_path: Path) -> None:
    (one,) = make(Request(tmp_path / "one", LAST, LAST, tickers=8, seed=1))
    (two,) = make(Request(tmp_path / "two", LAST, LAST, tickers=8, seed=2))
    assert one.path.read_bytes() != two.path.read_bytes()


def test_a_later_request_tells_the_same_story(tmp_path: Path, folder: Path) -> None:
    make(Request(tmp_path, LAST, LAST, tickers=20))
    assert lines_of(tmp_path / "COTAHIST_D27022026.ZIP") == lines_of(folder / "COTAHIST_D27022026.ZIP")


def test_any_number_of_tickers(tmp_path: Path) -> None:
    (made,) = make(Request(tmp_path, LAST, LAST, tickers=700, packed=False))
    assert made.path.name == "COTAHIST_D27022026.TXT"
    assert made.rows > 1500
    assert made.text_bytes == made.path.stat().st_size
    tickers = [paper.ticker for paper in instruments(700)]
    assert len(tickers) == len(set(tickers)) == 700


def test_dirt_is_written_down_where_it_is(tmp_path: Path) -> None:
    make(Request(tmp_path, FIRST, LAST, tickers=12, dirty=True))
    told = json.loads((tmp_path / "dirt.json").read_text())
    assert {one["kind"] for one in told["files"]} == {
        "cut",
        "no_trailer",
        "count_off",
        "not_a_zip",
        "copy",
        "correction",
    }
    for one in told["files"]:
        assert (tmp_path / one["file"]).exists()
        day = date.fromisoformat(one["session"])
        assert (tmp_path / f"COTAHIST_D{day:%d%m%Y}.ZIP").exists()
    by_fault = {one["fault"]: one for one in told["rows"]}
    assert {fault for fault, one in by_fault.items() if one["kept"]} == {
        "unknown_codbdi",
        "unknown_tpmerc",
        "high_byte",
    }
    for fault, one in by_fault.items():
        line = lines_of(tmp_path / one["file"])[one["line"] - 1]
        assert line[12:24].strip() == one["ticker"]
        assert SIGNS[fault](line, one["session"].replace("-", "")), fault


SIGNS: dict[str, Callable[[str, str], bool]] = {
    "non_digit": lambda line, _: not line[108:121].isdecimal(),
    "impossible_date": lambda line, _: line[6:10] == "0230",
    "other_date": lambda line, session: line[2:10] < session,
    "zero_fatcot": lambda line, _: int(line[210:217]) == 0,
    "duplicate_key": lambda line, _: line[12:27] == "PETR4       010",
    "short_line": lambda line, _: len(line) == 200,
    "long_line": lambda line, _: len(line) == 249,
    "unknown_codbdi": lambda line, _: line[10:12] == "Z9",
    "unknown_tpmerc": lambda line, _: line[24:27] == "099",
    "high_byte": lambda line, _: line[27:39] == "AÇÚCAR S/A  ",
}


def test_a_correction_changes_one_close_and_drops_one_paper(tmp_path: Path) -> None:
    make(Request(tmp_path, FIRST, LAST, tickers=12, dirty=True))
    (corrected,) = tmp_path.glob("*_corrected.ZIP")
    before = set(lines_of(tmp_path / corrected.name.replace("_corrected", ""))[1:-2])
    after = set(lines_of(corrected)[1:-2])
    (added,) = after - before
    gone = before - after
    assert {row[12:24].strip() for row in gone} == {"VALE3", "ITUB4"}
    (old,) = (row for row in gone if row[12:24].strip() == "VALE3")
    assert int(added[108:121]) == int(old[108:121]) + 7


@pytest.mark.parametrize(
    "arguments",
    [
        ("--from", "2026-02-28", "--to", "2026-03-01"),
        ("--from", "2014-12-30", "--to", "2015-01-05"),
        ("--from", "2026-02-30", "--to", "2026-03-01"),
        ("--from", "2026-03-02", "--to", "2026-03-03", "--as", "week"),
        ("--from", "2026-03-02", "--to", "2026-03-03", "--as", "year", "--dirt"),
    ],
)
def test_wrong_use_is_status_2(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, ["b3", "cotahist", "--out", str(tmp_path), *arguments])
    assert result.exit_code == 2


def test_the_command_makes_files(tmp_path: Path) -> None:
    arguments = ["b3", "cotahist", "--out", str(tmp_path), "--from", "2026-03-02", "--to", "2026-03-06"]
    result = CliRunner().invoke(app, [*arguments, "--tickers", "10", "--as", "day", "--as", "month"])
    assert result.exit_code == 0
    assert result.stderr.startswith("6 files, ")
    assert len(list(tmp_path.iterdir())) == 6
