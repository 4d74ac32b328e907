"""One session of the invented market: its rows in every market that COTAHIST knows."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.b3.calendar import expiry
from samples.b3.instruments import INDEX_ISIN, NEWCOMER, Instrument
from samples.b3.rows import Rows, blank_rows
from samples.b3.walk import Walk

Integers = NDArray[np.int64]
Rng = np.random.Generator

TRADES_WRAP = 100_000
OPTION_STEPS = np.array([0.85, 0.9, 0.95, 1.0, 1.05, 1.1, 1.15])
FORWARD_DAYS = (17, 30, 91)
FORWARD_RATE = 0.00045
INDEX_FATCOT = 100


@dataclass(frozen=True, slots=True)
class Market:
    """The papers, how they move, and the session from which the newcomer trades."""

    papers: list[Instrument]
    walk: Walk
    seed: int
    newcomer_from: date

    def session(self, day: date) -> Rows:
        """The rows of one session, by BDI code and ticker."""
        rng = np.random.default_rng([self.seed, day.toordinal(), 1])
        row = self.walk.at(day)
        spot = self._spot(row, rng)
        optioned = [column for column in range(len(self.papers)) if self._has_options(column)]
        parts = [spot, self._odd_lots(spot, rng), self._forwards(spot, rng), self._index(row, rng)]
        parts += [self._options(row, column, rng) for column in optioned]
        rows = np.concatenate(parts)
        rows["data"] = int(f"{day:%Y%m%d}")
        return rows[np.lexsort((rows["prazot"], rows["codneg"], rows["codbdi"]))]

    def _spot(self, row: int, rng: Rng) -> Rows:
        papers, day = self.papers, self.walk.days[row]
        closes = np.round(self.walk.closes[row] * 100).astype(np.int64)
        before = np.round(self.walk.closes[max(row - 1, 0)] * 100).astype(np.int64)
        rows = blank_rows(len(papers))
        rows["codbdi"] = [paper.codbdi.encode() for paper in papers]
        rows["codneg"] = [paper.ticker.encode() for paper in papers]
        rows["tpmerc"] = 10
        rows["nomres"] = [paper.name.encode() for paper in papers]
        rows["especi"] = [
            especi(paper, shown, column)
            for column, (paper, shown) in enumerate(zip(papers, self.walk.ex_mark[row], strict=True))
        ]
        rows["fatcot"] = [paper.fatcot for paper in papers]
        rows["codisi"] = [paper.isin.encode() for paper in papers]
        rows["dismes"] = 100 + np.arange(len(papers)) % 150 + self.walk.distribution[row]
        activity = rng.lognormal(0.0, 0.25, len(papers))
        trades = np.maximum(np.array([paper.trades for paper in papers]) * activity, 1).astype(np.int64)
        rows["quatot"] = 100 * np.maximum(trades * rng.uniform(1.5, 6.0, len(papers)), 1).astype(np.int64)
        _prices(rows, before, closes, rng)
        rows["totneg"] = trades % TRADES_WRAP
        quiet = np.array([paper.liquidity for paper in papers]) < 1
        rows["preofc"][quiet & (rng.random(len(papers)) < 0.5)] = 0
        trading = rng.random(len(papers)) < np.array([paper.liquidity for paper in papers])
        trading &= np.array([paper.ticker != NEWCOMER or day >= self.newcomer_from for paper in papers])
        traded: Rows = rows[trading]
        return traded

    def _odd_lots(self, spot: Rows, rng: Rng) -> Rows:
        rows: Rows = spot[spot["fatcot"] == 1].copy()
        rows["codbdi"] = b"96"
        rows["codneg"] = np.char.add(rows["codneg"], b"F")
        rows["tpmerc"] = 20
        rows["quatot"] = np.maximum(rows["quatot"] // 200 + rng.integers(-9, 10, len(rows)), 1)
        rows["totneg"] = np.maximum(rows["totneg"] // 4, 1)
        rows["voltot"] = rows["quatot"] * rows["premed"]
        return rows

    def _forwards(self, spot: Rows, rng: Rng) -> Rows:
        base = spot[(spot["codbdi"] == b"02") & (spot["fatcot"] == 1)]
        parts = []
        for days in FORWARD_DAYS:
            rows = base[rng.random(len(base)) < 0.3].copy()
            for name in ("preabe", "premax", "premin", "premed", "preult"):
                rows[name] = np.round(rows[name] * (1 + FORWARD_RATE * days))
            rows["preofc"] = rows["preofv"] = 0
            rows["prazot"] = f"{days:03d}".encode()
            rows["totneg"] = rng.integers(1, 12, len(rows))
            rows["quatot"] = 100 * rng.integers(1, 900, len(rows))
            parts.append(rows)
        rows = np.concatenate(parts)
        rows["codbdi"] = b"62"
        rows["codneg"] = np.char.add(rows["codneg"], b"T")
        rows["tpmerc"] = 30
        rows["voltot"] = rows["quatot"] * rows["premed"]
        return rows

    def _index(self, row: int, rng: Rng) -> Rows:
        """IBOV11, the pseudo-row: exercise of index options, with tens of billions on expiry days."""
        day = self.walk.days[row]
        rows = blank_rows(1)
        rows["codbdi"], rows["codneg"], rows["tpmerc"] = b"02", b"IBOV11", 10
        rows["nomres"], rows["especi"], rows["codisi"] = b"IBOVESPA", b"IBO/", INDEX_ISIN.encode()
        rows["fatcot"], rows["dismes"] = INDEX_FATCOT, 16
        points = int(self.walk.index[row]) * 100
        for name in ("preabe", "premax", "premin", "premed", "preult"):
            rows[name] = points
        rows["totneg"] = rng.integers(3, 40)
        rows["quatot"] = rng.integers(1, 300) * (100_000 if day == expiry(day.year, day.month) else 1)
        rows["voltot"] = rows["quatot"] * points // INDEX_FATCOT
        return rows

    def _has_options(self, column: int) -> bool:
        paper = self.papers[column]
        return paper.fatcot == 1 and paper.trades >= 30_000

    def _options(self, row: int, column: int, rng: Rng) -> Rows:
        """Calls and puts of the next two expiries; on expiry day, the exercise of what is in the money."""
        day, close = self.walk.days[row], float(self.walk.closes[row, column])
        parts = []
        for expires in _next_expiries(day):
            ahead = date(expires.year - (expires.month == 1), (expires.month - 2) % 12 + 1, 1)
            reference = float(self.walk.closes[max(self.walk.at(ahead), 0), column])
            strikes = np.unique(np.round(reference * OPTION_STEPS, 1))
            for is_call in (True, False):
                parts.append(self._chain(column, close, strikes, (day, expires), is_call, rng))
        return np.concatenate(parts)

    def _chain(  # noqa: PLR0913, PLR0917 (one option chain has as many sides)
        self, column: int, close: float, strikes: Any, days: tuple[date, date], is_call: bool, rng: Rng
    ) -> Rows:
        (day, expires), paper = days, self.papers[column]
        letter = chr(ord("A" if is_call else "M") + expires.month - 1)
        inside = np.maximum((close - strikes) if is_call else (strikes - close), 0)
        worth = inside + 0.4 * close * paper.volatility * np.sqrt(((expires - day).days + 1) / 365)
        worth *= np.exp(-np.abs(strikes / close - 1) * 6) * 0.8 + 0.2
        rows = blank_rows(len(strikes))
        rows["codneg"] = [f"{paper.ticker[:4]}{letter}{round(strike * 10)}".encode() for strike in strikes]
        rows["nomres"] = f"{paper.ticker[:4]}    ".encode()
        rows["especi"] = especi(paper, False, column)
        rows["codisi"], rows["dismes"] = paper.isin.encode(), 100 + column % 150
        rows["preexe"] = np.round(strikes * 100)
        rows["datven"] = int(f"{expires:%Y%m%d}")
        rows["codbdi"], rows["tpmerc"] = (b"78", 70) if is_call else (b"82", 80)
        rows["prazot"] = b"000"
        rows["quatot"] = 100 * rng.integers(1, 40_000, len(rows))
        rows["totneg"] = rng.integers(1, 4_000, len(rows))
        cents = np.maximum(np.round(worth * 100), 1).astype(np.int64)
        _prices(rows, cents, cents, rng)
        traded = rows[rng.random(len(rows)) < 0.8]
        if day != expires or not inside.any():
            return traded
        exercised = rows[inside > 0].copy()
        exercised["codneg"] = np.char.add(exercised["codneg"], b"E")
        exercised["codbdi"], exercised["tpmerc"] = (b"38", 12) if is_call else (b"42", 13)
        for name in ("preabe", "premax", "premin", "premed", "preult"):
            exercised[name] = exercised["preexe"]
        exercised["preofc"] = exercised["preofv"] = 0
        exercised["voltot"] = exercised["quatot"] * exercised["premed"]
        return np.concatenate((traded, exercised))


def especi(paper: Instrument, ex: bool, column: int) -> bytes:
    """Class, ex-marker (dividend or interest) and segment, as B3 lays them out in ten characters."""
    marker = ("ED" if column % 2 else "EJ") if ex else ""
    return f"{paper.paper_class:<4}{marker:<4}{paper.segment}".encode()


def _next_expiries(day: date) -> list[date]:
    months = [
        ((day.year * 12 + day.month - 1 + ahead) // 12, (day.month - 1 + ahead) % 12 + 1)
        for ahead in range(3)
    ]
    return [expires for expires in (expiry(*month) for month in months) if expires >= day][:2]


def _prices(rows: Rows, before: Integers, close: Integers, rng: Rng) -> None:
    """Open near yesterday's close, extremes around both, the average between; volume from the average."""
    spread = np.maximum(close // 80, 2)
    opened = np.maximum(before + rng.integers(-spread // 2, spread // 2 + 1), 1)
    rows["preabe"], rows["preult"] = opened, close
    rows["premax"] = np.maximum(opened, close) + rng.integers(0, spread)
    rows["premin"] = np.maximum(np.minimum(opened, close) - rng.integers(0, spread), 1)
    rows["premed"] = (rows["premax"] + rows["premin"] + opened + close) // 4
    rows["preofc"] = np.maximum(close - rng.integers(0, 3, len(rows)), 1)
    rows["preofv"] = close + rng.integers(0, 3, len(rows))
    rows["voltot"] = rows["quatot"] * rows["premed"] // rows["fatcot"]
