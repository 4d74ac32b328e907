"""Given what B3 answers, or files of it, when levels are landed, then they are rows or told why not."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from ingestion import run
from ingestion.domains import ENTITIES
from ingestion.land import prepare
from tests.python.ingestion.conftest import PAGE, Answer, LakeOfTest, Run, Source
from tests.python.ingestion.service_answers import LEVEL, file, levels, question

pytestmark = pytest.mark.usefixtures("impatient")

NAME = "IndexLevels_IBOV_2022.json"


def land(lake: LakeOfTest, *arguments: str | Path) -> Run:
    return lake.ingest(*arguments, "--json", entity="index-levels")


def cells(lake: LakeOfTest) -> list[tuple[str, str, str]]:
    rows = lake.raw("b3_index_levels")
    return [(row["index_code"], row["refdate"], row["ratevalue"]) for row in rows]


def test_a_year_is_asked_for_in_portuguese_and_lands_a_row_a_level(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, levels())]
    done = land(lake, "--index", "ibov", "--year", "2022")
    (path,) = source.asked
    assert question(path) == (
        "/SerHist/indexStatisticsProxy/IndexCall/GetPortfolioDay",
        {"index": "IBOV", "language": "pt-br", "year": "2022"},
    )
    assert (done.status, done.files[0]["status"], done.files[0]["rows"]) == (0, "landed", 3)
    assert cells(lake) == [
        ("IBOV", "2022-02-01", "113.228,31"),
        ("IBOV", "2022-01-03", "103.921,59"),
        ("IBOV", "2022-01-04", "103.513,64"),
    ]
    assert {row["language"] for row in lake.raw("b3_index_levels")} == {"pt-br"}
    assert {row["file_name"] for row in lake.raw("b3_index_levels")} == {NAME}
    (kept,) = lake.objects("files/b3/index_levels/")
    assert lake.content(kept) == levels()


def test_a_year_that_is_over_and_here_is_not_asked_for_again(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, levels()), Answer(200, levels({(1, 2): "1.000,01"}))]
    land(lake, "--index", "IBOV", "--year", "2022")
    done = land(lake, "--index", "IBOV", "--years", "2021-2022")
    assert [question(path)[1]["year"] for path in source.asked] == ["2022", "2021"]
    assert done.status == 0
    assert "not asked for again: IndexLevels_IBOV_2022.json" in done.stderr
    land(lake, "--index", "IBOV", "--year", "2022", "--again")
    assert len(source.asked) == 3


def test_a_year_that_was_not_over_when_it_came_is_asked_for_again(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, levels())]
    for _ in range(2):
        assert land(lake, "--index", "IBOV", "--year", "2100").status == 0
    assert len(source.asked) == 2
    assert [row["status"] for row in lake.control()] == ["landed", "duplicate"]


def test_the_tables_of_a_backfill_are_looked_at_once(
    lake: LakeOfTest, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    source.answers = [Answer(200, levels({(1, 2): f"{year}.000,01"})) for year in (101, 102, 103)]
    prepared = Mock(wraps=prepare)
    monkeypatch.setattr(run, "prepare", prepared)
    assert len(land(lake, "--index", "IBOV", "--years", "2018-2020").files) == 3
    assert prepared.call_count == len(ENTITIES)


def test_a_backfill_goes_on_where_it_stopped(lake: LakeOfTest, source: Source) -> None:
    years = [Answer(200, levels({(1, 2): f"{year}.000,01"})) for year in (101, 102, 103)]
    source.answers = [years[0], Answer(403), years[2], years[1]]
    stopped = land(lake, "--index", "IBOV", "--years", "2018-2020")
    assert stopped.status == 1
    assert [one["status"] for one in stopped.files] == ["landed", "unavailable", "landed"]
    done = land(lake, "--index", "IBOV", "--years", "2018-2020")
    assert [question(path)[1]["year"] for path in source.asked] == ["2018", "2019", "2020", "2019"]
    assert (done.status, len(cells(lake))) == (0, 3)


def test_a_file_of_a_year_is_no_reason_not_to_ask(lake: LakeOfTest, source: Source, tmp_path: Path) -> None:
    """Nobody knows when it was taken."""
    source.answers = [Answer(200, levels())]
    land(lake, "--from", file(tmp_path, levels({(1, 2): "1.000,01"}), NAME))
    land(lake, "--index", "IBOV", "--year", "2022")
    assert len(source.asked) == 1


def test_a_server_that_is_away_twice_is_waited_for(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(503), Answer(503), Answer(200, levels())]
    assert land(lake, "--index", "IBOV", "--year", "2022").status == 0


@pytest.mark.parametrize(
    ("answer", "status", "reason"),
    [
        (Answer(200), "unavailable", "not_published"),
        (Answer(200, PAGE), "unavailable", "not_published"),
        (Answer(503), "unavailable", "not_fetched"),
        (Answer(200, b'{"results":null}'), "refused", "unknown_to_b3"),
        (Answer(200, b'{"results":{}}'), "refused", "not_an_answer"),
        (Answer(200, b'{"error":"x"}'), "refused", "not_an_answer"),
        (Answer(200, b"[]"), "refused", "not_an_answer"),
        (Answer(200, b'{"results":[{"day":1,'), "refused", "not_json"),
        (Answer(200, levels({})), "refused", "no_levels"),
    ],
)
def test_odd_answers_are_errors(
    lake: LakeOfTest, source: Source, answer: Answer, status: str, reason: str
) -> None:
    source.answers = [answer]
    done = land(lake, "--index", "XXXX", "--year", "2022")
    assert done.status == 1
    assert [(one["status"], one["reason"]) for one in done.files] == [(status, reason)]
    assert f"IndexLevels_XXXX_2022.json: {reason}" in done.stderr


def test_a_bad_token_is_told_with_what_to_do(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200)]
    assert "look whether the code is right" in land(lake, "--index", "XXXX", "--year", "2022").stderr


def test_a_folder_of_answers_in_either_language_lands(lake: LakeOfTest, tmp_path: Path) -> None:
    english = levels({(1, 3): "103,921.59"})
    file(tmp_path, english, "indexStatisticsProxy_GetPortfolioDay_IBOV_2022.en-us.json")
    file(tmp_path, levels({(1, 3): "2.650,10"}), "IndexLevels_SMLL_2022.json")
    assert land(lake, "--from", tmp_path).status == 0
    assert {(row["index_code"], row["language"]) for row in lake.raw("b3_index_levels")} == {
        ("IBOV", "en-us"),
        ("SMLL", "pt-br"),
    }


def test_an_answer_whose_name_tells_no_index_is_refused(lake: LakeOfTest, tmp_path: Path) -> None:
    done = land(lake, "--from", file(tmp_path, levels(), "levels.json"))
    assert [(one["status"], one["reason"]) for one in done.files] == [("refused", "unknown_name")]


def test_a_row_that_is_no_day_is_kept_as_it_stands(lake: LakeOfTest, tmp_path: Path) -> None:
    answer = json.loads(levels())
    answer["results"] += [{"day": "x"} | dict.fromkeys(answer["min"]), "nothing", {"day": 1}]
    done = land(lake, "--from", file(tmp_path, json.dumps(answer).encode(), NAME))
    assert (done.files[0]["rows"], done.files[0]["malformed"]) == (len(LEVEL) + 3, 3)
    kept = [row["malformed_line"] for row in lake.raw("b3_index_levels")][len(LEVEL) :]
    assert kept[1:] == ['"nothing"', '{"day": "1"}']


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (b"index,date,level\nIBOV,1997-12-30,10196.5\nIBOV,1968-01-02,1e-10\n", "en-us"),
        (b"symbol;refdate;value\r\nIBOV;1997-12-30;10.196,50\r\nIBOV;1968-01-02;0,1\r\n", "pt-br"),
        (
            b"\xef\xbb\xbfrefdate,index_name,value\n1997-12-30,IBOV,10196.5\n\n1968-01-02,IBOV,0.100\n",
            "en-us",
        ),
    ],
)
def test_a_csv_lands_line_by_line(lake: LakeOfTest, tmp_path: Path, text: bytes, form: str) -> None:
    assert land(lake, "--from", file(tmp_path, text, "levels.csv")).status == 0
    assert [(index, day) for index, day, _ in cells(lake)] == [
        ("IBOV", "1997-12-30"),
        ("IBOV", "1968-01-02"),
    ]
    assert {row["language"] for row in lake.raw("b3_index_levels")} == {form}


def test_a_csv_that_lacks_a_column_is_refused_and_a_bad_line_kept(lake: LakeOfTest, tmp_path: Path) -> None:
    lacking = land(lake, "--from", file(tmp_path, b"index,date\nIBOV,1997-12-30\n", "a.csv"))
    assert [one["reason"] for one in lacking.files] == ["missing_column"]
    endless = b'IBOV,1997-12-29,"' + b"1" * 200_000
    text = b"index,date,level\nIBOV,1997-12-30,1.5\nIBOV,1997\n" + endless + b"\n"
    land(lake, "--from", file(tmp_path, text, "b.csv"))
    kept = [row["malformed_line"] for row in lake.raw("b3_index_levels")]
    assert kept == [None, "IBOV,1997", endless.decode()]


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("--index", "IBOV"),
        ("--year", "2022"),
        ("--index", "IBOV", "--year", "2022", "--years", "2021-2022"),
        ("--index", "IBOV", "--years", "2022-2021"),
        ("--index", "IBOV", "--years", "2022"),
        ("--index", "IBOV", "--year", "22"),
        ("--index", "IBOV", "--year", "9999"),
        ("--index", "IBOV", "--years", "1967-1970"),
        ("--index", "../x", "--year", "2022"),
        ("--from", ".", "--index", "IBOV"),
    ],
)
def test_wrong_use_is_status_2(lake: LakeOfTest, arguments: tuple[str, ...]) -> None:
    done = lake.ingest(*arguments, entity="index-levels")
    assert (done.status, lake.objects()) == (2, [])


def test_what_had_the_name_of_another_index_lands_under_its_own(lake: LakeOfTest, tmp_path: Path) -> None:
    file(tmp_path, levels({(1, 3): "1,5"}), "IndexLevels_SMLL_2022.json")
    file(tmp_path, levels({(1, 3): "1,5"}), "mended_IBOV_2022.json")
    file(tmp_path, levels({(1, 3): "1,5"}), "mended_IBOV_2022_copy.json")
    done = land(lake, "--from", tmp_path)
    assert [one["status"] for one in done.files] == ["landed", "landed", "duplicate"]
    assert sorted(cells(lake)) == [("IBOV", "2022-01-03", "1,5"), ("SMLL", "2022-01-03", "1,5")]
