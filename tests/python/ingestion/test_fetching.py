"""Given what B3's server answers, when a file is fetched, then it lands, or it is told why not."""

from pathlib import Path

import pytest

from ingestion import fetch
from ingestion.fetch import FetchError, NotPublished
from tests.python.ingestion.conftest import PAGE, QUICK, Answer, LakeOfTest, Source
from tests.python.ingestion.cotahist_lines import packed, row, rows, text

WHOLE = packed(text(*rows(60)))


def test_a_file_is_fetched_under_its_name(source: Source, tmp_path: Path) -> None:
    source.answers = [Answer(200, WHOLE)]
    received = fetch.fetch(f"{source.url}/COTAHIST_D06032026.ZIP", tmp_path, QUICK)
    assert received.name == "COTAHIST_D06032026.ZIP"
    assert received.origin == f"{source.url}/COTAHIST_D06032026.ZIP"
    assert received.path.read_bytes() == WHOLE


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(200), "empty"),
        (Answer(404, PAGE), "404"),
        (Answer(410), "410"),
        (Answer(200, PAGE), "a page"),
        (Answer(200, b"<html>"), "a page"),
    ],
)
def test_what_is_not_published_is_told_at_once(
    source: Source, tmp_path: Path, answer: Answer, words: str
) -> None:
    source.answers = [answer]
    with pytest.raises(NotPublished) as told:
        fetch.fetch(f"{source.url}/COTAHIST_D07032026.ZIP", tmp_path, QUICK)
    assert words in told.value.detail
    assert len(source.asked) == 1


@pytest.mark.parametrize(
    "answers",
    [
        [Answer(503), Answer(503), Answer(200, WHOLE)],
        [Answer(429), Answer(200, WHOLE)],
        [Answer(200, WHOLE[:100], length=len(WHOLE)), Answer(200, WHOLE)],
    ],
)
def test_what_passes_is_waited_for(source: Source, tmp_path: Path, answers: list[Answer]) -> None:
    source.answers = answers
    received = fetch.fetch(f"{source.url}/COTAHIST_D06032026.ZIP", tmp_path, QUICK)
    assert received.path.read_bytes() == WHOLE
    assert len(source.asked) == len(answers)


@pytest.mark.parametrize(("answer", "attempts"), [(Answer(503), 3), (Answer(403), 1), (Answer(400), 1)])
def test_what_does_not_pass_is_given_up(
    source: Source, tmp_path: Path, answer: Answer, attempts: int
) -> None:
    source.answers = [answer]
    with pytest.raises(FetchError) as told:
        fetch.fetch(f"{source.url}/COTAHIST_D06032026.ZIP", tmp_path, QUICK)
    assert str(answer.status) in told.value.detail
    assert len(source.asked) == attempts


def test_nobody_listening_is_an_error_with_the_address(tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="tried 3 times") as told:
        fetch.fetch("http://127.0.0.1:9/COTAHIST_D06032026.ZIP", tmp_path, QUICK)
    assert told.value.detail.startswith("127.0.0.1:9: Connection refused")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (("--date", "2026-03-06"), "COTAHIST_D06032026.ZIP"),
        (("--month", "2026-03"), "COTAHIST_M032026.ZIP"),
        (("--year", "2026"), "COTAHIST_A2026.ZIP"),
    ],
)
def test_days_months_and_years_are_fetched_and_landed(
    lake: LakeOfTest, source: Source, arguments: tuple[str, str], name: str
) -> None:
    source.answers = [Answer(200, WHOLE)]
    run = lake.ingest(*arguments, "--json")
    assert source.asked == [f"/SerHist/{name}"]
    assert (run.status, run.files[0]["status"], run.files[0]["rows"]) == (0, "landed", 60)
    (told,) = lake.control()
    assert (told["origin"], told["file_name"]) == (f"{source.url}/{name}", name)


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_away_twice_is_waited_for(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(503), Answer(503), Answer(200, WHOLE)]
    assert lake.ingest("--date", "2026-03-06").status == 0
    assert len(lake.raw()) == 60


@pytest.mark.parametrize("answer", [Answer(200), Answer(404), Answer(200, PAGE)])
def test_no_session_is_told_and_leaves_no_trace(lake: LakeOfTest, source: Source, answer: Answer) -> None:
    source.answers = [answer]
    run = lake.ingest("--date", "2026-03-07", "--json")
    assert run.status == 1
    assert [(one["status"], one["reason"]) for one in run.files] == [("unavailable", "not_published")]
    assert "COTAHIST_D07032026.ZIP: not_published" in run.stderr
    assert "no session" in run.stderr
    assert lake.objects() == []


def test_a_cut_zip_is_no_missing_session(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, WHOLE[: len(WHOLE) // 2])]
    run = lake.ingest("--date", "2026-03-06", "--json")
    assert run.status == 1
    assert [(one["status"], one["reason"]) for one in run.files] == [("refused", "zip_cut")]
    assert [told["reason"] for told in lake.control()] == ["zip_cut"]
    assert lake.content(lake.objects("files/")[0]) == WHOLE[: len(WHOLE) // 2]


@pytest.mark.usefixtures("impatient")
def test_a_server_that_stays_away_is_told_with_what_to_do(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(503)]
    run = lake.ingest("--date", "2026-03-06")
    assert run.status == 1
    assert "COTAHIST_D06032026.ZIP: 503 Service Unavailable; trying again in" in run.stderr
    assert "COTAHIST_D06032026.ZIP: not_fetched: 503" in run.stderr
    assert "Try again later." in run.stderr


def test_a_fetched_correction_is_another_version(lake: LakeOfTest, source: Source) -> None:
    source.answers = [Answer(200, WHOLE), Answer(200, packed(text(row())))]
    lake.ingest("--date", "2026-03-06")
    lake.ingest("--date", "2026-03-06")
    assert [told["status"] for told in lake.control()] == ["landed", "landed"]
