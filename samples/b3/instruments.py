"""The instruments of the invented market."""

import csv
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from string import ascii_uppercase

CATALOGUE = Path(__file__).with_name("instruments.csv")
NEWCOMER = "IPOB3"
INDEX_ISIN = "BRIBOVINDM18"


@dataclass(frozen=True, slots=True)
class Instrument:
    """A paper of the cash market. `price` is in reais per `fatcot` papers, `volatility` a year's; `trades` a
    session's; `liquidity` the share of sessions on which it trades. `segment` is B3's level of governance,
    `sector` a share's in the portfolio of the index."""

    ticker: str
    name: str
    paper_class: str
    segment: str
    sector: str
    codbdi: str
    isin: str
    price: float
    volatility: float
    trades: float
    fatcot: int
    liquidity: float


def instruments(count: int) -> list[Instrument]:
    """The first `count` instruments: those of the catalogue, then made-up ones (`AAAB3`, `AAAC3`, …)."""
    with CATALOGUE.open(encoding="utf-8", newline="") as file:
        known = [_instrument(row) for row in csv.DictReader(file)]
    roots = ("".join(letters) for letters in product(ascii_uppercase, repeat=4))
    taken = {instrument.ticker[:4] for instrument in known}
    sectors = [instrument.sector for instrument in known if instrument.sector]
    while len(known) < count:
        root = next(root for root in roots if root not in taken)
        known.append(_invented(root, len(known), sectors[len(known) % len(sectors)]))
    return known[:count]


def with_check_digit(isin: str) -> str:
    """An ISIN of 11 characters and its check digit (ISO 6166: Luhn over the digits, letters as 10 to 35)."""
    digits = "".join(str(int(character, 36)) for character in isin)
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 == 0 else 1)
        total += value // 10 + value % 10
    return f"{isin}{-total % 10}"


def _instrument(row: dict[str, str]) -> Instrument:
    return Instrument(
        ticker=row["ticker"],
        name=row["name"],
        paper_class=row["class"],
        segment=row["segment"],
        sector=row["sector"],
        codbdi=row["codbdi"],
        isin=with_check_digit(row["isin"]),
        price=float(row["price"]),
        volatility=float(row["volatility"]),
        trades=float(row["trades"]),
        fatcot=int(row["fatcot"]),
        liquidity=float(row["liquidity"]),
    )


def _invented(root: str, number: int, sector: str) -> Instrument:
    return Instrument(
        ticker=f"{root}3",
        name=f"CIA {root}",
        paper_class="ON",
        segment=("NM", "N1", "N2", "")[number % 4],
        sector=sector,
        codbdi="02",
        isin=with_check_digit(f"BR{root}ACNOR"),
        price=2.0 + (number * 37 % 900) / 10,
        volatility=0.2 + number * 7 % 40 / 100,
        trades=50.0 + number * 131 % 9000,
        fatcot=1,
        liquidity=1.0 if number % 5 else 0.8,
    )
