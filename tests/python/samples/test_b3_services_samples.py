"""The generated answers are in the form of B3's, and say what the generated quotes say."""

import json
from datetime import date
from pathlib import Path

from samples.b3.cotahist import Request, market_of
from samples.b3.services import make_answers
from samples.b3.walk import EX_YIELD, holdings

YEAR = (date(2024, 1, 2), date(2024, 12, 30))


def test_levels_stand_on_the_sessions_of_the_year(tmp_path: Path) -> None:
    make_answers(Request(tmp_path, *YEAR, tickers=8))
    results = json.loads((tmp_path / "index-levels/IndexLevels_IBOV_2024.json").read_text())["results"]
    levels = [row[f"rateValue{month}"] for row in results for month in range(1, 13)]
    assert len(results) == 31
    assert sum(level is not None for level in levels) == 251
    assert results[0]["rateValue1"] is None


def test_parts_sum_up_to_a_hundred_but_for_rounding(tmp_path: Path) -> None:
    make_answers(Request(tmp_path, *YEAR, tickers=8))
    answer = json.loads((tmp_path / "index-portfolio/IndexPortfolio_IBOV.json").read_text())
    assert answer["header"]["date"] == "30/12/24"
    assert answer["page"]["totalRecords"] == len(answer["results"]) > 2
    parts = [float(row["part"].replace(",", ".")) for row in answer["results"]]
    assert abs(sum(parts) - 100) < 0.001 * len(parts)
    quantities = [int(row["theoricalQty"].replace(".", "")) for row in answer["results"]]
    assert sum(quantities) == int(answer["header"]["theoricalQty"].replace(".", ""))


def test_both_answers_about_a_company_agree(tmp_path: Path) -> None:
    make_answers(Request(tmp_path, *YEAR, tickers=8))
    history = json.loads((tmp_path / "corporate-actions/CashDividends_PETR.json").read_text())["results"]
    (supplement,) = json.loads((tmp_path / "corporate-actions/CompanySupplement_PETR.json").read_text())
    latest = {
        (one["lastDatePrior"], float(one["rate"].replace(",", "."))) for one in supplement["cashDividends"]
    }
    of_old = {(one["lastDatePriorEx"], float(one["valueCash"].replace(",", "."))) for one in history}
    assert latest < of_old
    assert len(latest) == 2


def test_english_is_another_form_of_the_same(tmp_path: Path) -> None:
    make_answers(Request(tmp_path, *YEAR, tickers=8), "en-us")
    header = json.loads((tmp_path / "index-portfolio/IndexPortfolio_IBOV.json").read_text())["header"]
    assert (header["date"], header["part"]) == ("12/30/24", "100.000")


def test_the_index_is_the_value_of_its_portfolio(tmp_path: Path) -> None:
    """From one day to the next it gains what its papers gain, distributions put back in."""
    market = market_of(Request(tmp_path, *YEAR, tickers=8))
    held, walk = holdings(market.papers), market.walk
    last = len(walk.days) - 1
    gone_ex = walk.distribution[last] - walk.distribution[last - 1]
    gained = held @ (walk.closes[last] - walk.closes[last - 1] * (1 - EX_YIELD * gone_ex))
    divisor = (held @ walk.closes[last]) / walk.index[last]
    assert abs(gained / divisor - (walk.index[last] - walk.index[last - 1])) < 0.02
