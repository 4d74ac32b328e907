"""Given what B3 answers about a portfolio, when it lands, then its assets are rows, all or none."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.python.ingestion.conftest import PAGE, Answer, LakeOfTest, Run, Source
from tests.python.ingestion.service_answers import HEADER, PORTFOLIO, asset, file, page, question

pytestmark = pytest.mark.usefixtures("impatient")

FIRST = page(PORTFOLIO[:1], 1, 2, 2, header=HEADER)
SECOND = page(PORTFOLIO[1:], 2, 2, 2, header=HEADER)
WHOLE = page(PORTFOLIO, header=HEADER)


def land(lake: LakeOfTest, *arguments: str | Path) -> Run:
    return lake.ingest(*arguments, "--json", entity="index-portfolio")


def raw(lake: LakeOfTest) -> list[dict[str, Any]]:
    return lake.raw("b3_index_portfolio")


def test_a_portfolio_is_asked_for_and_lands_a_row_an_asset(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, WHOLE)]
    done = land(lake, "--index", "IBOV")
    (path,) = source.asked
    assert question(path) == (
        "/SerHist/indexProxy/indexCall/GetPortfolioDay",
        {"language": "pt-br", "index": "IBOV", "segment": "2", "pageNumber": 1, "pageSize": 120},
    )
    assert (done.status, done.files[0]["rows"], done.files[0]["header_date"]) == (0, 2, "20250407")
    (wege, embr) = raw(lake)
    assert (wege["cod"], wege["part"], wege["theoricalqty"]) == ("WEGE3", "62,663", "1.243.177.587")
    assert (wege["header_date"], wege["name_date"]) == ("20250407", None)
    assert (embr["cod"], embr["header_reductor"], embr["language"]) == (
        "EMBR3",
        "16.036.751,16744128",
        "pt-br",
    )
    (kept,) = lake.objects("files/b3/index_portfolio/")
    assert lake.content(kept) == WHOLE


def test_all_pages_are_asked_for_and_kept_together(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, FIRST), Answer(503), Answer(200, SECOND)]
    assert land(lake, "--index", "IBOV").status == 0
    assert [question(path)[1]["pageNumber"] for path in source.asked] == [1, 2, 2]
    assert [row["cod"] for row in raw(lake)] == ["WEGE3", "EMBR3"]
    (kept,) = lake.objects("files/b3/index_portfolio/")
    assert json.loads(lake.content(kept)) == [json.loads(FIRST), json.loads(SECOND)]


@pytest.mark.parametrize(
    "second",
    [
        Answer(404),
        Answer(503),
        Answer(200),
        Answer(200, PAGE),
        Answer(200, FIRST),
        Answer(200, page(PORTFOLIO[1:], 2, 2, 3, header=HEADER)),
        Answer(200, page(PORTFOLIO[1:], 2, 2, 2, header={**HEADER, "date": "08/04/25"})),
        Answer(200, b'{"results":null}'),
        Answer(200, b"{"),
    ],
)
def test_a_page_that_is_missing_leaves_no_row(lake: LakeOfTest, source: Source, second: Answer) -> None:
    source.answers = [Answer(200, FIRST), second]
    done = land(lake, "--index", "IBOV")
    assert done.status == 1
    assert done.stderr
    assert lake.objects("raw/b3_index_portfolio/") == []


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b'{"results":null}', "unknown_to_b3"),
        (page([], header=HEADER), "no_assets"),
        (page(PORTFOLIO, 1, 1, 3, header=HEADER), "pages_missing"),
        (page(PORTFOLIO, 1, 3, 2, header=HEADER), "pages_missing"),
        (page(PORTFOLIO, 1, 10**9, 2, header=HEADER), "pages_missing"),
        (page(PORTFOLIO, header={**HEADER, "date": "31/31/25"}), "impossible_header_date"),
        (page(PORTFOLIO, header={**HEADER, "date": "07/04/68"}), "impossible_header_date"),
        (page(PORTFOLIO, header={**HEADER, "date": None}), "no_date"),
    ],
)
def test_odd_portfolios_are_refused(lake: LakeOfTest, tmp_path: Path, answer: bytes, reason: str) -> None:
    done = land(lake, "--from", file(tmp_path, answer, "IndexPortfolio_IBOV.json"))
    assert (done.status, [one["reason"] for one in done.files]) == (1, [reason])
    assert raw(lake) == []


def test_a_day_that_has_not_been_is_refused(lake: LakeOfTest, tmp_path: Path) -> None:
    """As an answer in English would be, read as one in Portuguese."""
    tomorrow = date.today() + timedelta(days=2)
    answer = page(PORTFOLIO, header={**HEADER, "date": f"{tomorrow:%d/%m/%y}"})
    done = land(lake, "--from", file(tmp_path, answer, "IndexPortfolio_IBOV.json"))
    assert [one["reason"] for one in done.files] == ["impossible_header_date"]


def test_dates_are_read_in_the_language_of_the_numbers(lake: LakeOfTest, tmp_path: Path) -> None:
    english = [asset(part="62.663", partAcum="62.663", theoricalQty="1,243,177,587")]
    header = {**HEADER, "date": "04/07/25", "reductor": "16,036,751.16744128", "part": "100.000"}
    file(tmp_path, page(english, header=header), "a_IBOV.json")
    file(tmp_path, page([asset(part="1")], header={**HEADER, "date": "04/07/25"}), "b_IBXX.json")
    land(lake, "--from", tmp_path)
    assert {(row["index_code"], row["header_date"], row["language"]) for row in raw(lake)} == {
        ("IBOV", "20250407", "en-us"),
        ("IBXX", "20250704", "pt-br"),
    }


def test_the_name_tells_the_day_where_the_answer_does_not(lake: LakeOfTest, tmp_path: Path) -> None:
    answer = page(PORTFOLIO, header={"part": "100,000", "reductor": "18.673.489,42022432"})
    land(lake, "--from", file(tmp_path, answer, "IndexPortfolio_IBOV_20220506.json"))
    assert {(row["header_date"], row["name_date"]) for row in raw(lake)} == {(None, "20220506")}
    unnamed = land(lake, "--from", file(tmp_path, answer, "portfolio.json"))
    assert [one["reason"] for one in unnamed.files] == ["unknown_name"]


def test_a_record_without_its_fields_is_kept_as_it_stands(lake: LakeOfTest, tmp_path: Path) -> None:
    answer = page([asset(), {"cod": "X"}, asset(cont="1")], header=HEADER)
    done = land(lake, "--from", file(tmp_path, answer, "IndexPortfolio_IBOV.json"))
    assert (done.files[0]["rows"], done.files[0]["malformed"]) == (3, 1)
    assert [row["malformed_line"] for row in raw(lake)] == [None, '{"cod": "X"}', None]
    assert [row["other_columns"] for row in raw(lake)] == [None, None, '{"cont": "1"}']


def test_the_same_text_under_another_name_is_another_portfolio(lake: LakeOfTest, tmp_path: Path) -> None:
    """As the theoretical portfolio is on each day of a quadrimester, or what had a wrong name before."""
    theoretical = page(PORTFOLIO, header={"part": "100,000", "reductor": "18.673.489,42022432"})
    for name in ("a_IBOV_20220506", "b_IBOV_20220509", "copy_of_b_IBOV_20220509", "d_IBXX_20220509"):
        file(tmp_path, theoretical, f"{name}.json")
    file(tmp_path, WHOLE, "e_IBXX.json")
    file(tmp_path, WHOLE, "f_IBXX_20250408.json")
    done = land(lake, "--from", tmp_path)
    again = {one["file"] for one in done.files if one["status"] == "duplicate"}
    assert again == {"copy_of_b_IBOV_20220509.json", "f_IBXX_20250408.json"}
    assert {(row["index_code"], row["header_date"] or row["name_date"]) for row in raw(lake)} == {
        ("IBOV", "20220506"),
        ("IBOV", "20220509"),
        ("IBXX", "20220509"),
        ("IBXX", "20250407"),
    }
