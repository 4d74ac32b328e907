"""The indicators of a real year, against pandas and TA-Lib on the closes as they were published."""

import os
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

pytestmark = [pytest.mark.integration, pytest.mark.real]

EXTRACT = "b3/cotahist/derived_cotahist_2025_PETR4_VALE3_ITUB4_BBDC4.csv"
LAST = date(2025, 12, 30)
ISINS = {"BBDC4": "BRBBDCACNPR8", "ITUB4": "BRITUBACNPR1", "PETR4": "BRPETRACNPR6", "VALE3": "BRVALEACNOR0"}
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
def extract() -> pd.DataFrame:
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip(f"FINLAKE_REAL_DATA names no folder with {EXTRACT}")
    return pd.read_csv(Path(folder, EXTRACT), parse_dates=["date"])


@pytest.fixture(scope="module")
def lake(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    extract: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    """The year as a file of COTAHIST, landed and built."""
    folder = tmp_path_factory.mktemp("year")
    made = write(folder / "COTAHIST_A2025.ZIP", [text(LAST, _lines(extract), counted_besides=0)])
    real = Lake("real_year", folder / "lake", "real-year").create()
    real.land([made.path])
    real.dbt("build", "--exclude-resource-type", "unit_test", "test", "--select", *SELECTED)
    return real


def _lines(extract: pd.DataFrame) -> bytes:
    rows = blank_rows(len(extract))
    rows["data"] = extract["date"].dt.strftime("%Y%m%d").astype(int)
    rows["codbdi"], rows["tpmerc"] = b"02", 10
    rows["codneg"] = [ticker.encode() for ticker in extract["symbol"]]
    rows["nomres"] = [name.encode() for name in extract["name"]]
    rows["especi"] = [b"ON" if ticker.endswith("3") else b"PN" for ticker in extract["symbol"]]
    rows["codisi"] = [ISINS[ticker].encode() for ticker in extract["symbol"]]
    rows["dismes"] = 100
    rows["quatot"], rows["totneg"] = extract["volume"], extract["trades"] % 100_000
    for field, column in AMOUNTS.items():
        rows[field] = (extract[column] * 100).round().astype(int)
    return encode(rows).tobytes()


@pytest.mark.parametrize("ticker", ISINS)
def test_windows_are_those_of_pandas(lake: Lake, extract: pd.DataFrame, ticker: str) -> None:
    """On all 250 sessions; what takes more of them is null, as is the return of a year without an eve."""
    year = extract[extract["symbol"] == ticker].sort_values("date").reset_index(drop=True)
    expected = _by_pandas(year["close"], year["turnover"])
    columns = ", ".join(expected.columns)
    rows = lake.rows(
        f"select dt_ref, {columns} from {{lake}}_refined.b3_daily_indicators"
        f" where ticker = '{ticker}' order by dt_ref"
    )
    assert [row[0] for row in rows] == list(year["date"].dt.date)
    assert len(rows) == 250
    held = pd.DataFrame([row[1:] for row in rows], columns=expected.columns, dtype=np.float64)
    kept = dict.fromkeys(expected.columns, 6e-9) | {"vl_volume_medio_21": 0.006}
    for column, off in kept.items():
        np.testing.assert_allclose(held[column], expected[column], rtol=0, atol=off, err_msg=column)


def _by_pandas(close: pd.Series, money: pd.Series) -> pd.DataFrame:
    columns = {f"vl_media_movel_{rows}": close.rolling(rows).mean() for rows in (5, 10, 20, 50, 200)}
    columns |= {f"pc_retorno_{rows}": close.pct_change(rows) for rows in (1, 5, 21)}
    columns |= {f"pc_retorno_ajustado_{rows}": close.pct_change(rows) for rows in (1, 5, 21)}
    columns["pc_retorno_ano"] = close * np.nan
    columns["vl_volume_medio_21"] = money.rolling(21).mean()
    columns["pc_volatilidade_21"] = np.log(close).diff().rolling(21).std() * np.sqrt(252)
    for rows in (20, 252):
        highest, lowest = close.rolling(rows).max(), close.rolling(rows).min()
        columns |= {f"vl_maxima_{rows}": highest, f"vl_minima_{rows}": lowest}
        columns[f"pc_distancia_maxima_{rows}"] = close / highest - 1
        columns[f"pc_distancia_minima_{rows}"] = close / lowest - 1
    return pd.DataFrame(columns)


def test_technical_indicators_are_those_of_ta_lib(lake: Lake) -> None:
    """250 sessions are less than a window, so nothing is left out of it."""
    compared = []
    for ticker, prices, held in in_lake(lake):
        np.testing.assert_allclose(held, of_all(prices), rtol=0, atol=2e-8, err_msg=ticker)
        np.testing.assert_allclose(held, of_windows(prices, timedelta(days=730)), rtol=0, atol=2e-8)
        compared.append((ticker, len(held), int(np.count_nonzero(~np.isnan(held[:, 3])))))
    assert compared == [(ticker, 250, 250 - 33) for ticker in sorted(ISINS)]
