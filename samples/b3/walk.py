"""How the invented market moves: a close per session and instrument, from a seed."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from samples.b3.calendar import sessions
from samples.b3.instruments import Instrument

Floats = NDArray[np.float64]

EPOCH = date(2015, 1, 2)
SESSIONS_PER_YEAR = 252
PULL_TO_BASE = 0.004
MARKET_SHARE = 0.55
INDEX_BASE = 128_000.0
EX_YIELD = 0.015
EX_SESSIONS = 5


@dataclass(frozen=True, slots=True)
class Walk:
    """Closes in reais (sessions x instruments), the index in points, and each paper's distributions.

    `ex_mark` tells on which sessions the ex-marker is shown, `distribution` counts distributions so far.
    """

    days: list[date]
    closes: Floats
    index: Floats
    ex_mark: NDArray[np.bool_]
    distribution: NDArray[np.int64]

    def at(self, day: date) -> int:
        """The row of a session, or of the one before the day."""
        ordinals = [known.toordinal() for known in self.days]
        return int(np.searchsorted(ordinals, day.toordinal(), side="right")) - 1


def walk(papers: list[Instrument], last: date, seed: int) -> Walk:
    """The market up to `last`. A session's prices depend on seed and date, not on the request."""
    days = sessions(EPOCH, last)
    noise = np.array([_noise(seed, day, len(papers)) for day in days])
    volatility = np.array([paper.volatility for paper in papers]) / np.sqrt(SESSIONS_PER_YEAR)
    market = noise[:, :1]
    moves = volatility * (MARKET_SHARE * market + np.sqrt(1 - MARKET_SHARE**2) * noise[:, 1:])
    going_ex = _going_ex(papers, days)
    moves -= EX_YIELD * going_ex
    level = np.zeros(len(papers))
    levels = np.empty_like(moves)
    for row, move in enumerate(moves):
        level = level * (1 - PULL_TO_BASE) + move
        levels[row] = level
    closes = np.array([paper.price for paper in papers]) * np.exp(levels)
    closes = np.maximum(np.round(closes, 2), 0.01)
    return Walk(
        days=days,
        closes=closes,
        index=_index(closes, going_ex, holdings(papers)),
        ex_mark=_shown(going_ex),
        distribution=going_ex.cumsum(axis=0),
    )


def holdings(papers: list[Instrument]) -> Floats:
    """What the index holds of each paper: of shares by their turnover, of others nothing."""
    held = [paper.paper_class in ("ON", "PN") and paper.fatcot == 1 for paper in papers]
    return np.array([int(paper.trades * 10_000) for paper in papers]) * np.array(held, dtype=np.float64)


def _index(closes: Floats, going_ex: NDArray[np.bool_], held: Floats) -> Floats:
    """The value of what is held, distributions put back in, in points."""
    without = closes[:-1] * (1 - EX_YIELD * going_ex[1:])
    growth = (closes[1:] @ held) / (without @ held)
    points: Floats = np.round(INDEX_BASE * np.concatenate([[1.0], growth.cumprod()]), 2)
    return points


def _noise(seed: int, day: date, count: int) -> Floats:
    return np.random.default_rng([seed, day.toordinal()]).standard_normal(count + 1)


def _going_ex(papers: list[Instrument], days: list[date]) -> NDArray[np.bool_]:
    """Two distributions a year for each paper that pays, on days of its own."""
    ordinals = np.array([day.toordinal() for day in days])
    result = np.zeros((len(days), len(papers)), dtype=np.bool_)
    for column, paper in enumerate(papers):
        if paper.paper_class in ("DIR", "DRN", "DR2"):
            continue
        for year in range(days[0].year, days[-1].year + 1):
            for month in (column * 5 % 6 + 1, column * 5 % 6 + 7):
                row = int(np.searchsorted(ordinals, date(year, month, 4 + column % 20).toordinal()))
                if row < len(days):
                    result[row, column] = True
    return result


def _shown(going_ex: NDArray[np.bool_]) -> NDArray[np.bool_]:
    shown = going_ex.copy()
    for lag in range(1, EX_SESSIONS):
        shown[lag:] |= going_ex[:-lag]
    return shown
