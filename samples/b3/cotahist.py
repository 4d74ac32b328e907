"""COTAHIST of an invented market, of any size, the same for the same request."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Literal

from samples.b3 import dirt
from samples.b3.calendar import sessions
from samples.b3.files import Made, header, text, trailer, write
from samples.b3.instruments import instruments
from samples.b3.market import Market
from samples.b3.rows import encode
from samples.b3.walk import EPOCH, walk

Span = Literal["day", "month", "year"]


@dataclass(frozen=True, slots=True)
class Request:
    """What to make: sessions `first` to `last` of `tickers` papers, in files of a day, a month or a year.

    `dirty` adds what is wrong with files in real life (it needs daily files); `packed` False writes TXT.
    """

    out: Path
    first: date
    last: date
    tickers: int = 60
    seed: int = 7
    spans: tuple[Span, ...] = field(default=("day",))
    dirty: bool = False
    packed: bool = True


def make(request: Request) -> list[Made]:
    """Write the files of a request, and with dirt `dirt.json`, which tells what is wrong where.

    Raises ValueError when there is no session in the request, when it begins before the market does, or when
    dirt is asked for without daily files.
    """
    days = days_of(request)
    request.out.mkdir(parents=True, exist_ok=True)
    market = market_of(request)
    made = _daily(market, days, request) if "day" in request.spans else []
    if "month" in request.spans:
        for _, of_month in groupby(days, key=lambda day: (day.year, day.month)):
            made.append(_long(market, list(of_month), "M%m%Y", 2, request))
    if "year" in request.spans:
        for _, of_year in groupby(days, key=lambda day: day.year):
            made.append(_long(market, list(of_year), "A%Y", 0, request))
    return sorted(made, key=lambda one: one.path.name)


def days_of(request: Request) -> list[date]:
    """The sessions of a request. Raises ValueError as `make` does."""
    if request.first < EPOCH:
        raise ValueError(f"the invented market begins on {EPOCH}; ask for that day or a later one")
    if request.dirty and "day" not in request.spans:
        raise ValueError("dirt goes into daily files: ask for --as day")
    if not (days := sessions(request.first, request.last)):
        raise ValueError(f"there is no session from {request.first} to {request.last}")
    return days


def _daily(market: Market, days: list[date], request: Request) -> list[Made]:
    made = dirt.make(market, days, request.out, _ending(request)) if request.dirty else []
    there = {one.path.name for one in made}
    for day in days:
        path = request.out / f"COTAHIST_D{day:%d%m%Y}{_ending(request)}"
        if path.name not in there:
            made.append(write(path, [text(day, _lines(market, day))]))
    return made


def market_of(request: Request) -> Market:
    """The market of a request; its newcomer comes in the middle of the sessions asked for."""
    days = sessions(request.first, request.last)
    papers = instruments(request.tickers)
    return Market(papers, walk(papers, request.last, request.seed), request.seed, days[len(days) // 2])


def _long(market: Market, days: list[date], name: str, counted_besides: int, request: Request) -> Made:
    def pieces() -> Iterator[bytes]:
        rows = 0
        yield header(days[-1])
        for day in days:
            lines = _lines(market, day)
            rows += lines.count(b"\n")
            yield lines
        yield trailer(days[-1], rows + counted_besides)

    return write(request.out / f"COTAHIST_{days[-1].strftime(name)}{_ending(request)}", pieces())


def _lines(market: Market, day: date) -> bytes:
    return encode(market.session(day)).tobytes()


def _ending(request: Request) -> str:
    return ".ZIP" if request.packed else ".TXT"
