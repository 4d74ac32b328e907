"""B3's services for indices and companies: what is asked, and by which names answers are kept."""

import json
import re
from base64 import b64encode
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from ingestion.question import Question

LEVELS = "indexStatisticsProxy/IndexCall/GetPortfolioDay"
PORTFOLIO = "indexProxy/indexCall/GetPortfolioDay"
SUPPLEMENT = "listedCompaniesProxy/CompanyCall/GetListedSupplementCompany"
CASH_DIVIDENDS = "listedCompaniesProxy/CompanyCall/GetListedCashDividends"

LANGUAGE = "pt-br"
PAGE_SIZE = 120
# more than any answer has: whoever says so is not to be followed
PAGE_LIMIT = 1000
# the portfolio by segment of the economy: the same assets and quantities, each with its segment
BY_SEGMENT = "2"
# the IBOV, the oldest of the indices, begins in the first of them
FIRST_YEAR, LAST_YEAR = 1968, 2100
ABSENT = "B3 has no answer to this: look whether the code is right, and ask again later."

_INDEX = re.compile(r"[A-Z0-9]{3,6}")
_COMPANY = re.compile(r"[A-Z0-9]{4}")
_YEARS = re.compile(r"([0-9]{4})-([0-9]{4})")


def index_code(text: str) -> str:
    """The code of an index, in capitals. Raises ValueError when it cannot be one."""
    if not _INDEX.fullmatch(code := text.strip().upper()):
        raise ValueError(f"'{text}' is no index; write its code, as IBOV, IBXX, SMLL or IDIV.")
    return code


def company_code(text: str) -> str:
    """The code of a company, in capitals. Raises ValueError when it cannot be one."""
    if not _COMPANY.fullmatch(code := text.strip().upper()):
        raise ValueError(f"'{text}' is no company; write what its tickers begin with, as ABEV.")
    return code


def years_of(year: str | None, years: str | None) -> list[int]:
    """The year, or all years of a span. Raises ValueError when they are none that an index may have."""
    found = _YEARS.fullmatch(years or f"{year}-{year}")
    first, last = (int(found[1]), int(found[2])) if found else (0, 0)
    if not FIRST_YEAR <= first <= last <= LAST_YEAR:
        form = "span of years, such as 2018-2023" if years else "year, such as 2022"
        raise ValueError(f"'{years or year}' is no {form}, from {FIRST_YEAR} to {LAST_YEAR}.")
    return list(range(first, last + 1))


def levels(base: str, code: str, year: int, now: datetime, again: bool) -> Question:
    """The levels of an index in a year; those of a year that is over are final, unless asked for `again`."""
    over = datetime(year + 1, 1, 1)
    return Question(
        name=f"IndexLevels_{code}_{year}.json",
        address=partial(_address, base, LEVELS, {"index": code, "language": LANGUAGE, "year": str(year)}),
        final_from=over if over <= now and not again else None,
        absent=ABSENT,
    )


def portfolio(base: str, code: str) -> Question:
    """The portfolio of an index on the day, as of the session that B3 says."""
    asked = {"language": LANGUAGE, "index": code, "segment": BY_SEGMENT}
    return Question(
        name=f"IndexPortfolio_{code}.json",
        address=partial(_page, base, PORTFOLIO, asked),
        pages=_pages,
        absent=ABSENT,
    )


def corporate_actions(base: str, code: str, now: datetime, again: bool) -> Question:
    """The supplement of a company, and then all its cash dividends; once a day, unless `again`."""
    asked = {"issuingCompany": code, "language": LANGUAGE}
    return Question(
        name=f"CompanySupplement_{code}.json",
        address=partial(_address, base, SUPPLEMENT, asked),
        final_from=None if again else now.replace(hour=0, minute=0, second=0, microsecond=0),
        final_name=f"CashDividends_{code}.json",
        absent=ABSENT,
        then=lambda path: [_cash_dividends(base, code, called) for called in trading_names(path)],
    )


def _cash_dividends(base: str, code: str, called: str) -> Question:
    return Question(
        name=f"CashDividends_{code}.json",
        address=partial(_page, base, CASH_DIVIDENDS, {"language": LANGUAGE, "tradingName": called}),
        pages=_pages,
        absent=ABSENT,
    )


def trading_names(path: Path) -> list[str]:
    """The name by which B3 knows a company's dividends, of its supplement: without slashes and dots."""
    answer = json.loads(path.read_bytes())
    names = [str(company["tradingName"]) for company in answer] if isinstance(answer, list) else []
    return [re.sub(r"[^A-Z0-9 &]", "", name.upper()).strip() for name in names]


def _page(base: str, path: str, asked: dict[str, str], number: int) -> str:
    return _address(base, path, {**asked, "pageNumber": number, "pageSize": PAGE_SIZE}, number)


def _address(base: str, path: str, asked: dict[str, Any], _number: int) -> str:
    """The address of an answer: the last segment is the question, JSON in base64."""
    return f"{base}/{path}/{b64encode(json.dumps(asked, separators=(',', ':')).encode()).decode()}"


def _pages(path: Path) -> int:
    """How many pages an answer says it has; 1 where it does not say so, which its reader judges."""
    try:
        count = int(json.loads(path.read_bytes())["page"]["totalPages"])
    except (ValueError, TypeError, LookupError):
        return 1
    return count if 1 <= count <= PAGE_LIMIT else 1
