"""Answers of B3's services about the invented market: levels, portfolio, corporate actions."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import numpy as np

from samples.b3.cotahist import Request, days_of, market_of
from samples.b3.instruments import Instrument
from samples.b3.market import Market, especi
from samples.b3.walk import EX_YIELD, holdings

Language = Literal["pt-br", "en-us"]
# the last session with the right, its close, and what was paid for one paper
Paid = tuple[date, float, Decimal]
INDEX = "IBOV"
# folder and beginning of the name of each kind of answer
LEVELS, PORTFOLIO = "index-levels/IndexLevels", "index-portfolio/IndexPortfolio"
DIVIDENDS, SUPPLEMENT = "corporate-actions/CashDividends", "corporate-actions/CompanySupplement"
PAYING = ("ON", "PN")
# of a company's supplement; what is older is in the other answer alone
LATEST = timedelta(days=365)
APPROVED_BEFORE, PAID_AFTER = timedelta(days=10), timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Form:
    """How numbers and dates are written."""

    language: Language = "pt-br"

    def number(self, value: float | Decimal, decimals: int) -> str:
        text = f"{value:,.{decimals}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "pt-br" else text

    def day(self, day: date, year: str = "%Y") -> str:
        return day.strftime(f"%d/%m/{year}" if self.language == "pt-br" else f"%m/%d/{year}")


def make_answers(
    request: Request, language: Language = "pt-br", companies: Collection[str] = ()
) -> list[Path]:
    """Write the answers as of the request's last session, each into the folder of its entity.

    The actions are those of `companies`, or of all where none is named. Raises ValueError where there is no
    session.

    Dirt: an unknown index, a portfolio that lacks a page and a page of the web are refused; a level and an
    amount that are no numbers go to quarantine; one event has a name that nobody knows.
    """
    days = days_of(request)
    market, form = market_of(request), Form(language)
    answers = dict(_levels(market, days, form, request.dirty))
    answers[f"{PORTFOLIO}_{INDEX}.json"] = _portfolio(market, days[-1], form)
    paying: dict[str, list[int]] = {}
    for column, paper in enumerate(market.papers):
        company = paper.ticker[:4]
        if paper.paper_class in PAYING and (not companies or company in companies):
            paying.setdefault(company, []).append(column)
    for columns in paying.values():
        answers |= _actions(market, columns, days[-1], form, request.dirty and 0 in columns)
    if request.dirty:
        answers |= _refused(answers[f"{PORTFOLIO}_{INDEX}.json"])
    for name, answer in answers.items():
        (request.out / name).parent.mkdir(parents=True, exist_ok=True)
        (request.out / name).write_text(answer, encoding="utf-8")
    return [request.out / name for name in sorted(answers)]


def _levels(market: Market, days: list[date], form: Form, dirty: bool) -> Iterator[tuple[str, str]]:
    for year in sorted({day.year for day in days}):
        rows = [{"day": day} | dict.fromkeys(_months()) for day in range(1, 32)]
        of_year = [day for day in days if day.year == year]
        for day in of_year:
            rows[day.day - 1][f"rateValue{day.month}"] = form.number(_level(market, day), 2)
        if dirty and year == days[0].year:
            rows[of_year[0].day - 1][f"rateValue{of_year[0].month}"] = "n/d"
        answer = {"min": {"day": 0}, "max": {"day": 0}, "results": rows}
        yield f"{LEVELS}_{INDEX}_{year}.json", json.dumps(answer)


def _months() -> list[str]:
    return [f"rateValue{month}" for month in range(1, 13)]


def _level(market: Market, day: date) -> float:
    return float(market.walk.index[market.walk.at(day)])


def _portfolio(market: Market, day: date, form: Form) -> str:
    """The shares of the market by their turnover; their parts sum up to 100 but for rounding."""
    held = holdings(market.papers)
    members = [(column, paper) for column, paper in enumerate(market.papers) if held[column]]
    values = (held * market.walk.closes[market.walk.at(day)])[held > 0]
    quantities = held[held > 0].astype(np.int64)
    parts = 100 * values / values.sum()
    rows = [
        {
            "segment": paper.sector,
            "cod": paper.ticker,
            "asset": paper.name,
            "type": especi(paper, False, column).decode().strip(),
            "part": form.number(part, 3),
            "partAcum": form.number(part, 3),
            "theoricalQty": form.number(int(quantity), 0),
        }
        for (column, paper), part, quantity in zip(members, parts, quantities, strict=True)
    ]
    header = {
        "date": form.day(day, "%y"),
        "text": "Quantidade Teórica Total",
        "part": form.number(100, 3),
        "partAcum": form.number(100, 3),
        "textReductor": "Redutor",
        "reductor": form.number(values.sum() / _level(market, day), 8),
        "theoricalQty": form.number(int(quantities.sum()), 0),
    }
    return json.dumps({"page": _page(len(rows)), "header": header, "results": rows}, ensure_ascii=False)


def _page(records: int) -> dict[str, int]:
    return {"pageNumber": 1, "pageSize": 120, "totalRecords": records, "totalPages": 1}


def _actions(market: Market, columns: list[int], last: date, form: Form, dirty: bool) -> dict[str, str]:
    """Both answers about a company: its papers' dividends so far, and the latest of them with old splits."""
    history, latest, stock = [], [], []
    for column in columns:
        paper, paid = market.papers[column], list(_paid(market, column, last))
        history += [_of_history(paper, one, form) for one in reversed(paid)]
        latest += [_of_supplement(paper, one, form) for one in reversed(paid) if one[0] > last - LATEST]
        stock.append(_event(paper, "DESDOBRAMENTO", form) | {"factor": form.number(100, 11)})
    paper = market.papers[columns[0]]
    company = paper.ticker[:4]
    if dirty:
        history.append(history[0] | {"valueCash": "n/d"})
        stock.append(_event(paper, "EVENTO NOVO", form) | {"factor": form.number(7, 11)})
    supplement = {
        "tradingName": paper.name,
        "code": company,
        "cashDividends": latest,
        "stockDividends": stock,
        "subscriptions": [],
    }
    return {
        f"{DIVIDENDS}_{company}.json": json.dumps({"page": _page(len(history)), "results": history}),
        f"{SUPPLEMENT}_{company}.json": json.dumps([supplement]),
    }


def _paid(market: Market, column: int, last: date) -> Iterator[Paid]:
    """Last sessions with the right up to `last`, their closes, and what was paid."""
    counts = market.walk.distribution[:, column]
    for row in range(1, market.walk.at(last) + 1):
        if counts[row] > counts[row - 1]:
            close = float(market.walk.closes[row - 1, column])
            yield market.walk.days[row - 1], close, Decimal(str(round(close * EX_YIELD, 4)))


def _label(paper: Instrument) -> str:
    return "DIVIDENDO" if paper.paper_class == "ON" else "JRS CAP PROPRIO"


def _of_history(paper: Instrument, paid: Paid, form: Form) -> dict[str, str]:
    day, close, amount = paid
    return {
        "typeStock": paper.paper_class,
        "dateApproval": form.day(day - APPROVED_BEFORE),
        "valueCash": form.number(amount, 4),
        "ratio": str(paper.fatcot),
        "corporateAction": _label(paper),
        "lastDatePriorEx": form.day(day),
        "dateClosingPricePriorExDate": form.day(day),
        "closingPricePriorExDate": form.number(close, 2),
        "quotedPerShares": str(paper.fatcot),
        "corporateActionPrice": form.number(100 * float(amount) / close, 6),
        "lastDateTimePriorEx": f"{day}T00:00:00",
    }


def _of_supplement(paper: Instrument, paid: Paid, form: Form) -> dict[str, str]:
    day, _, amount = paid
    return _event(paper, _label(paper), form) | {
        "paymentDate": form.day(day + PAID_AFTER),
        "rate": form.number(amount / paper.fatcot, 11),
        "relatedTo": f"Anual/{day.year}",
        "approvedOn": form.day(day - APPROVED_BEFORE),
        "lastDatePrior": form.day(day),
    }


def _event(paper: Instrument, label: str, form: Form) -> dict[str, str]:
    return {
        "assetIssued": paper.isin,
        "approvedOn": form.day(date(2008, 3, 3)),
        "isinCode": paper.isin,
        "label": label,
        "lastDatePrior": form.day(date(2008, 4, 25)),
        "remarks": "",
    }


def _refused(portfolio: str) -> dict[str, str]:
    answer: dict[str, Any] = json.loads(portfolio)
    answer["page"]["totalPages"] = 2
    return {
        f"{LEVELS}_XXXX_2024.json": '{"results":null}',
        f"{PORTFOLIO}_CUTX.json": json.dumps(answer),
        f"{DIVIDENDS}_PAGE.json": "<!DOCTYPE html><html><head></head><body></body></html>",
    }
