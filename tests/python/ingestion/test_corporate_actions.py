"""Given what B3 answers about a company, when its actions are landed, then each is a row."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.python.ingestion.conftest import PAGE, Answer, LakeOfTest, Run, Source
from tests.python.ingestion.service_answers import SPLIT, dividend, file, page, question, supplement

pytestmark = pytest.mark.usefixtures("impatient")

SUPPLEMENT = supplement(stockDividends=[SPLIT])
DIVIDENDS = page([dividend(), dividend(valueCash="0,4702", corporateAction="JRS CAP PROPRIO")])


def land(lake: LakeOfTest, *arguments: str | Path) -> Run:
    return lake.ingest(*arguments, "--json", entity="corporate-actions")


def raw(lake: LakeOfTest) -> list[dict[str, Any]]:
    rows = lake.raw("b3_corporate_actions")
    return sorted(rows, key=lambda row: (row["file_name"], row["line_number"]))


def test_a_company_is_asked_for_by_its_code_and_then_by_its_name(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, SUPPLEMENT), Answer(200, DIVIDENDS)]
    done = land(lake, "--company", "abev")
    assert [question(path) for path in source.asked] == [
        (
            "/SerHist/listedCompaniesProxy/CompanyCall/GetListedSupplementCompany",
            {"issuingCompany": "ABEV", "language": "pt-br"},
        ),
        (
            "/SerHist/listedCompaniesProxy/CompanyCall/GetListedCashDividends",
            {"language": "pt-br", "tradingName": "AMBEV SA", "pageNumber": 1, "pageSize": 120},
        ),
    ]
    assert done.status == 0
    assert [(row["company"], row["section"]) for row in raw(lake)] == [
        ("ABEV", "results"),
        ("ABEV", "results"),
        ("ABEV", "stockDividends"),
    ]
    assert [row["valuecash"] for row in raw(lake)] == ["0,1334", "0,4702", None]
    assert raw(lake)[2]["factor"] == "400,00000000000"


def test_a_company_is_asked_for_once_a_day(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, SUPPLEMENT), Answer(200, DIVIDENDS), Answer(200, SUPPLEMENT)]
    land(lake, "--company", "ABEV")
    again = land(lake, "--company", "ABEV")
    assert (len(source.asked), again.status) == (2, 0)
    assert "not asked for again: CompanySupplement_ABEV.json" in again.stderr
    land(lake, "--company", "ABEV", "--again")
    assert len(source.asked) == 4


def test_a_run_that_stopped_between_its_answers_asks_again(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, SUPPLEMENT), Answer(403), Answer(200, SUPPLEMENT), Answer(200, DIVIDENDS)]
    assert land(lake, "--company", "ABEV").status == 1
    assert land(lake, "--company", "ABEV").status == 0
    assert len(source.asked) == 4
    assert [row["section"] for row in raw(lake)] == ["results", "results", "stockDividends"]


def test_dividends_on_pages_are_all_landed_or_none(lake: LakeOfTest, source: Source) -> None:
    pages = [page([dividend()], number, 2, 2) for number in (1, 2)]
    source.answers = [Answer(200, SUPPLEMENT), *(Answer(200, one) for one in pages)]
    assert [one["rows"] for one in land(lake, "--company", "ABEV").files] == [1, 2]


@pytest.mark.parametrize(
    ("answers", "reason"),
    [
        ([Answer(200)], "not_published"),
        ([Answer(200, PAGE)], "not_published"),
        ([Answer(200, b"[]")], "unknown_to_b3"),
        ([Answer(200, b'[{"code":"ABEV"}]')], "not_an_answer"),
        ([Answer(200, supplement().replace(b"AMBEV S/A", b" "))], "not_an_answer"),
        ([Answer(200, b'{"code":"ABEV"}')], "not_an_answer"),
        ([Answer(200, SUPPLEMENT), Answer(200, b'{"results":null}')], "unknown_to_b3"),
        ([Answer(200, SUPPLEMENT), Answer(200, page([dividend()], 1, 1, 2))], "pages_missing"),
    ],
)
def test_odd_answers_are_errors(lake: LakeOfTest, source: Source, answers: list[Answer], reason: str) -> None:
    source.answers = answers
    done = land(lake, "--company", "ABEV")
    assert (done.status, done.files[-1]["reason"]) == (1, reason)


def test_a_company_may_have_no_action(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, supplement()), Answer(200, page([]))]
    done = land(lake, "--company", "ABEV")
    assert (done.status, [one["rows"] for one in done.files]) == (0, [0, 0])
    assert raw(lake) == []


def test_files_tell_their_company_by_what_is_in_them_or_by_name(lake: LakeOfTest, tmp_path: Path) -> None:
    file(tmp_path, SUPPLEMENT, "supplement.json")
    file(tmp_path, DIVIDENDS, "GetListedCashDividends_ITUB.json")
    file(tmp_path, page([dividend(valueCash="1,5")]), "dividends.json")
    done = land(lake, "--from", tmp_path)
    assert {one["file"]: one["reason"] for one in done.files} == {
        "supplement.json": None,
        "GetListedCashDividends_ITUB.json": None,
        "dividends.json": "unknown_name",
    }
    assert [row["company"] for row in raw(lake)] == ["ITUB", "ITUB", "ABEV"]


def test_the_same_text_is_another_s_by_name_alone(lake: LakeOfTest, tmp_path: Path) -> None:
    """The list of dividends tells no company, the supplement does."""
    for name in ("a_ABEV.json", "b_ITUB.json", "c_ITUB.json"):
        file(tmp_path, DIVIDENDS, name)
    file(tmp_path, SUPPLEMENT, "d_ITUB.json")
    file(tmp_path, SUPPLEMENT, "e_ABEV.json")
    done = land(lake, "--from", tmp_path)
    assert [one["status"] for one in done.files] == ["landed", "landed", "duplicate", "landed", "duplicate"]
    assert [row["company"] for row in raw(lake)] == ["ABEV", "ABEV", "ITUB", "ITUB", "ABEV"]


def test_a_record_without_its_fields_is_kept_as_it_stands(lake: LakeOfTest, tmp_path: Path) -> None:
    answer = json.loads(DIVIDENDS)
    del answer["results"][1]["valueCash"]
    done = land(lake, "--from", file(tmp_path, json.dumps(answer).encode(), "CashDividends_ABEV.json"))
    assert done.files[0]["malformed"] == 1
    assert [row["malformed_line"] is None for row in raw(lake)] == [True, False]


@pytest.mark.parametrize(
    "arguments", [(), ("--company", "AB"), ("--company", "../x"), ("--company", "ABEV", "--from", ".")]
)
def test_wrong_use_is_status_2(lake: LakeOfTest, arguments: tuple[str, ...]) -> None:
    assert lake.ingest(*arguments, entity="corporate-actions").status == 2
