"""The technical indicators of an instrument by TA-Lib: of a session's window, and of all there is."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

import numpy as np
import talib
from numpy.typing import NDArray

from tests.python.lake.lakes import Lake

Series = NDArray[np.float64]

WINDOW = 252
COLUMNS = (
    "vl_media_exponencial_12",
    "vl_media_exponencial_26",
    "vl_macd",
    "vl_macd_sinal",
    "vl_macd_histograma",
    "vl_bollinger_media_20",
    "vl_bollinger_superior_20",
    "vl_bollinger_inferior_20",
    "vl_atr_14",
    "vl_rsi_14",
)
RSI = COLUMNS.index("vl_rsi_14")


@dataclass(frozen=True, slots=True)
class Prices:
    """The sessions of an instrument, as traded.

    `factors` is what corporate actions did to the price on each, `adjustments` what those after it did.
    """

    days: list[date]
    highest: Series
    lowest: Series
    closes: Series
    factors: Series
    adjustments: Series


def in_lake(lake: Lake) -> Iterator[tuple[str, Prices, Series]]:
    """Each instrument with its prices and what the lake holds of `COLUMNS`, a row a session."""
    prices = "vl_maximo, vl_minimo, vl_fechamento, pc_fator_provento, pc_fator_ajuste"
    rows = lake.rows(
        f"select daily.ticker, daily.dt_ref, {prices}, {', '.join(COLUMNS)}"
        " from {lake}_refined.b3_daily_indicators as daily"
        " left join {lake}_refined.b3_technical_indicators as technical"
        " on daily.dt_ref = technical.dt_ref and daily.ticker = technical.ticker"
        " order by daily.ticker, daily.dt_ref"
    )
    for ticker, found in groupby(rows, key=lambda row: row[0]):
        _, days, *columns = zip(*found, strict=True)
        numbers = np.array(columns, dtype=np.float64)
        yield ticker, Prices(list(days), *numbers[:5]), numbers[5:].T


def of_windows(prices: Prices, reach: timedelta) -> Series:
    """The columns of each session from its last 252 within reach, in its own units."""
    return np.array([_of_window(prices, last, reach)[-1] for last in range(len(prices.days))])


def _of_window(prices: Prices, last: int, reach: timedelta) -> Series:
    first = max(last + 1 - WINDOW, 0)
    while prices.days[first] < prices.days[last] - reach:
        first += 1
    window = slice(first, last + 1)
    after = np.append(prices.factors[first + 1 : last + 1], 1)
    units = np.cumprod(after[::-1])[::-1]
    return _of(prices.highest[window] * units, prices.lowest[window] * units, prices.closes[window] * units)


def of_all(prices: Prices) -> Series:
    """The columns of each session from all that there are, in its own units."""
    units = prices.adjustments
    found = _of(prices.highest * units, prices.lowest * units, prices.closes * units)
    found[:, :RSI] /= units[:, np.newaxis]
    return found


def _of(highest: Series, lowest: Series, closes: Series) -> Series:
    fast, slow = talib.EMA(closes, 12), talib.EMA(closes, 26)
    macd = fast - slow
    signal = np.full(len(closes), np.nan)
    if len(closes) > 25:
        signal[25:] = talib.EMA(macd[25:], 9)
    upper, middle, lower = talib.BBANDS(closes, 20, 2, 2)
    atr, rsi = talib.ATR(highest, lowest, closes, 14), talib.RSI(closes, 14)
    return np.column_stack([fast, slow, macd, signal, macd - signal, middle, upper, lower, atr, rsi])
