"""The indicators of a real year and of the sessions after it, against pandas, TA-Lib and B3's own figures."""

import json
import os
import shutil
import zipfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd  # type: ignore[import-untyped]
import pytest

import localaws
from samples.b3.files import text, write
from samples.b3.rows import blank_rows, encode
from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_technical import in_lake, of_all, of_windows

pytestmark = [pytest.mark.integration, pytest.mark.real, pytest.mark.slow]

EXTRACT = "b3/cotahist/derived_cotahist_2025_PETR4_VALE3_ITUB4_BBDC4.csv"
# by the hour, the newest first, without a header
LEVELS = "b3/index/derived_IBOV_60min_2024_2025_profit.csv.gz"
DIVIDENDS = "b3/corporate/GetListedCashDividends.json"
LAST = date(2025, 12, 30)
# of 2026 there are twelve sessions alone: 252 of them reach back further than 252 that follow one another
REACH = timedelta(days=500)
ISINS = {"BBDC4": "BRBBDCACNPR8", "ITUB4": "BRITUBACNPR1", "PETR4": "BRPETRACNPR6", "VALE3": "BRVALEACNOR0"}
PAYER = {"ABEV3": "BRABEVACNOR1"}
# fields of COTAHIST with two implied decimals, and where the extract has them
AMOUNTS = {
    "preabe": "open",
    "premax": "high",
    "premin": "low",
    "premed": "avg_price",
    "preult": "close",
    "voltot": "turnover",
}
SELECTED = ("+b3_technical_indicators", "b3_price_adjustments", "b3_daily_indicators")


@pytest.fixture(scope="module")
def real() -> Path:
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip(f"FINLAKE_REAL_DATA names no folder with {EXTRACT}")
    return Path(folder)


@pytest.fixture(scope="module")
def extract(real: Path) -> pd.DataFrame:
    return pd.read_csv(real / EXTRACT, parse_dates=["date"])


@pytest.fixture(scope="module")
def lines_of_2026(real: Path) -> list[bytes]:
    """The same papers' lines of the cash market in the daily files of 2026."""
    found = []
    for packed in sorted((real / "b3" / "cotahist").glob("COTAHIST_D????2026.ZIP")):
        with zipfile.ZipFile(packed) as archive:
            lines = archive.read(archive.namelist()[0]).splitlines()
        found += [line for line in lines if line[12:24].decode().strip() in ISINS and line[24:27] == b"010"]
    return found


@pytest.fixture(scope="module")
def prices(extract: pd.DataFrame, lines_of_2026: list[bytes]) -> pd.DataFrame:
    """Closes and money of 2025 and of the twelve sessions of 2026."""
    rows = [
        (line[12:24].decode().strip(), pd.Timestamp(line[2:10].decode()), *_amounts(line))
        for line in lines_of_2026
    ]
    columns = ["symbol", "date", "close", "turnover"]
    return pd.concat([extract[columns], pd.DataFrame(rows, columns=columns)])


def _amounts(line: bytes) -> tuple[float, float]:
    return int(line[108:121]) / 100, int(line[170:188]) / 100


@pytest.fixture(scope="module")
def levels(real: Path) -> pd.Series:
    """The IBOV at the last bar of each session."""
    bars = pd.read_csv(
        real / LEVELS, sep=";", header=None, usecols=[1, 6], names=["date", "level"], decimal=","
    )
    bars["date"] = pd.to_datetime(bars["date"], format="%d/%m/%Y")
    return bars.drop_duplicates("date").set_index("date")["level"].sort_index()


@pytest.fixture(scope="module")
def paid(real: Path) -> pd.DataFrame:
    """What ABEV3 paid: days, closes with the right, and the payments in per cent of them, by B3's word."""
    rows = json.loads((real / DIVIDENDS).read_text(encoding="utf-8"))["results"]
    told = pd.DataFrame(
        {
            "date": [pd.to_datetime(row["lastDatePriorEx"], format="%d/%m/%Y") for row in rows],
            "close": [float(row["closingPricePriorExDate"].replace(",", ".")) for row in rows],
            "part": [float(row["corporateActionPrice"].replace(",", ".")) for row in rows],
        }
    )
    return told.groupby("date").agg({"close": "first", "part": "sum"}).reset_index()


@pytest.fixture(scope="module")
def quotes(
    extract: pd.DataFrame,
    lines_of_2026: list[bytes],
    paid: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> list[Path]:
    """The years as files of COTAHIST."""
    folder = tmp_path_factory.mktemp("quotes")
    texts = {LAST: _lines(extract), date(2026, 3, 6): b"".join(line + b"\r\n" for line in lines_of_2026)}
    return [
        write(folder / f"COTAHIST_A{day.year}.ZIP", [text(day, lines, counted_besides=0)]).path
        for day, lines in (texts | _of_payer(paid)).items()
    ]


@pytest.fixture(scope="module")
def lake(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    real: Path,
    quotes: list[Path],
    levels: pd.Series,
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    """Quotes, levels and dividends, landed and built."""
    folder = tmp_path_factory.mktemp("year")
    named = levels.rename("level").reset_index().assign(index="IBOV")
    named.to_csv(folder / "levels.csv", index=False, columns=["index", "date", "level"])
    shutil.copyfile(real / DIVIDENDS, folder / "CashDividends_ABEV.json")
    made = Lake("real_year", folder / "lake", "real-year").create()
    made.land(quotes)
    made.land([folder / "levels.csv"], entity=("b3", "index-levels"))
    made.land([folder / "CashDividends_ABEV.json"], entity=("b3", "corporate-actions"))
    reach = f"{{b3_reach_days: {REACH.days}}}"
    made.dbt("build", "--exclude-resource-type", "unit_test", "test", "--vars", reach, "--select", *SELECTED)
    return made


def _of_payer(paid: pd.DataFrame) -> dict[date, bytes]:
    """By the last day of each year, sessions of ABEV3 with the right and, one per cent lower, without it."""
    with_right = paid[["date", "close"]]
    without = with_right.assign(
        date=with_right["date"] + pd.offsets.BDay(), close=(with_right["close"] * 0.99).round(2)
    )
    sessions = pd.concat([with_right, without]).sort_values("date").assign(symbol="ABEV3", name="AMBEV S/A")
    sessions = sessions.assign(volume=100, trades=1, turnover=100 * sessions["close"])
    for column in ("open", "high", "low", "avg_price"):
        sessions[column] = sessions["close"]
    return {
        date(year, 12, 31): _lines(of_year) for year, of_year in sessions.groupby(sessions["date"].dt.year)
    }


def _lines(extract: pd.DataFrame) -> bytes:
    rows = blank_rows(len(extract))
    rows["data"] = extract["date"].dt.strftime("%Y%m%d").astype(int)
    rows["codbdi"], rows["tpmerc"] = b"02", 10
    rows["codneg"] = [ticker.encode() for ticker in extract["symbol"]]
    rows["nomres"] = [name.encode() for name in extract["name"]]
    rows["especi"] = [b"ON" if ticker.endswith("3") else b"PN" for ticker in extract["symbol"]]
    rows["codisi"] = [(ISINS | PAYER)[ticker].encode() for ticker in extract["symbol"]]
    rows["dismes"] = 100
    rows["quatot"], rows["totneg"] = extract["volume"], extract["trades"] % 100_000
    for field, column in AMOUNTS.items():
        rows[field] = (extract[column] * 100).round().astype(int)
    return encode(rows).tobytes()


@pytest.mark.parametrize("ticker", ISINS)
def test_windows_are_those_of_pandas(
    lake: Lake, prices: pd.DataFrame, levels: pd.Series, ticker: str
) -> None:
    """On the 250 sessions of 2025 and the twelve of 2026, of which eleven have 252 behind them."""
    of_ticker = prices[prices["symbol"] == ticker].sort_values("date").set_index("date")
    expected = _by_pandas(of_ticker["close"], of_ticker["turnover"], levels.reindex(of_ticker.index))
    columns = ", ".join(expected.columns)
    rows = lake.rows(
        f"select dt_ref, {columns} from {{lake}}_refined.b3_daily_indicators"
        f" where ticker = '{ticker}' order by dt_ref"
    )
    assert [row[0] for row in rows] == list(of_ticker.index.date)
    assert len(rows) == 250 + 12
    held = pd.DataFrame([row[1:] for row in rows], columns=expected.columns, dtype=np.float64)
    kept = dict.fromkeys(expected.columns, 6e-9) | {"vl_volume_medio_21": 0.006, "pc_beta_60": 2e-8}
    for column, off in kept.items():
        np.testing.assert_allclose(held[column], expected[column], rtol=0, atol=off, err_msg=column)
    full = held.count()
    assert full["vl_maxima_252"] == full["vl_minima_252"] == full["pc_distancia_maxima_252"] == 11
    assert full["pc_retorno_ano"] == 12
    assert full["pc_beta_60"] == 250 - 60


def _by_pandas(close: pd.Series, money: pd.Series, index: pd.Series) -> pd.DataFrame:
    columns = {f"vl_media_movel_{rows}": close.rolling(rows).mean() for rows in (5, 10, 20, 50, 200)}
    columns |= {f"pc_retorno_{rows}": close.pct_change(rows) for rows in (1, 5, 21)}
    columns |= {f"pc_retorno_ajustado_{rows}": close.pct_change(rows) for rows in (1, 5, 21)}
    columns |= {
        f"pc_retorno_relativo_{rows}": close / close.shift(rows) / (index / index.shift(rows)) - 1
        for rows in (1, 5, 21)
    }
    eves = close.groupby(close.index.year).last()
    columns["pc_retorno_ano"] = close / (close.index.year - 1).map(eves).to_numpy() - 1
    columns["vl_volume_medio_21"] = money.rolling(21).mean()
    own, market = np.log(close).diff(), np.log(index).diff()
    columns["pc_volatilidade_21"] = own.rolling(21).std() * np.sqrt(252)
    columns["pc_beta_60"] = own.rolling(60).cov(market) / market.rolling(60).var()
    for rows in (20, 252):
        highest, lowest = close.rolling(rows).max(), close.rolling(rows).min()
        columns |= {f"vl_maxima_{rows}": highest, f"vl_minima_{rows}": lowest}
        columns[f"pc_distancia_maxima_{rows}"] = close / highest - 1
        columns[f"pc_distancia_minima_{rows}"] = close / lowest - 1
    return pd.DataFrame(columns)


def test_a_dividend_is_the_part_of_the_price_that_b3_says(lake: Lake, paid: pd.DataFrame) -> None:
    """29 payments of ABEV on 24 days, each in per cent of the last close with the right."""
    rows = lake.rows(
        "select adjusted.pc_fator_provento, day.pc_retorno_ajustado_1"
        " from {lake}_refined.b3_price_adjustments as adjusted"
        " inner join {lake}_refined.b3_daily_indicators as day"
        " on adjusted.ticker = day.ticker and adjusted.dt_ref = day.dt_ref"
        " where adjusted.ticker = 'ABEV3' order by adjusted.dt_ref"
    )
    assert len(rows) == len(paid) == 24
    factors, returns = np.array(rows, dtype=np.float64).T
    np.testing.assert_allclose(factors, 1 - paid["part"] / 100, rtol=0, atol=2e-8)
    traded = (paid["close"] * 0.99).round(2) / paid["close"]
    np.testing.assert_allclose(returns, traded / factors - 1, rtol=0, atol=2e-8)
    ((adjustment,),) = lake.rows(
        "select min_by(pc_fator_ajuste, dt_ref) from {lake}_refined.b3_daily_indicators"
        " where ticker = 'ABEV3'"
    )
    assert float(adjustment) == pytest.approx((1 - paid["part"] / 100).prod(), abs=1e-7)


def test_technical_indicators_are_those_of_ta_lib(lake: Lake) -> None:
    """The 250 sessions of 2025 are less than a window, so nothing is left out of it."""
    compared = []
    for ticker, prices, held in in_lake(lake):
        if ticker in PAYER:
            continue
        np.testing.assert_allclose(held[:250], of_all(prices)[:250], rtol=0, atol=2e-8, err_msg=ticker)
        np.testing.assert_allclose(held, of_windows(prices, REACH), rtol=0, atol=2e-8)
        compared.append((ticker, len(held), int(np.count_nonzero(~np.isnan(held[:, 3])))))
    assert compared == [(ticker, 262, 262 - 33) for ticker in sorted(ISINS)]
