"""A portfolio of card holders, lived through month by month: what is invoiced, what is paid and when.

Holders come in chunks of CHUNK, each lived through on its own with random numbers of its own, so that any
number of them needs the memory of one chunk, and months that are added leave the earlier ones as they were.

A holder belongs to a segment (segments.csv): how regularly invoices come, how likely the holder falls behind
or leaves in a month, and in which way an invoice is paid while he is not behind. Who falls behind pays
nothing, or a token, and rolls from bucket to bucket until he is cured: then what is owed is paid at once,
months late.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from samples.cards import months

CHUNK = 20_000
Ints = NDArray[np.int64]
Mask = NDArray[np.bool_]

INVOICE = np.dtype([(name, "i8") for name in ("customer", "number", "issued", "due", "cents", "minimum")])
PAYMENT = np.dtype([(name, "i8") for name in ("customer", "number", "invoice", "paid_on", "cents")])

WAYS = ("early", "on_time", "late", "minimum", "part", "several", "above", "token")
THERE_FROM_THE_BEGINNING = 0.8
MINIMUM_SHARE = 0.15
CURES = np.array([0.0, 0.52, 0.34, 0.24, 0.16, 0.10, 0.06])
WRITTEN_OFF_AFTER, WRITTEN_OFF = 9, 0.4
TOKEN_WHILE_BEHIND = 0.25
NOTHING_TO_PAY = 0.001
LAST_OF_SEVERAL = 4


@dataclass(frozen=True, slots=True)
class Portfolio:
    """So many customers, lived through from the month `first` to the month `last`.

    In a `steady` one all are there from the first month on, and nobody leaves: what would be written off is
    forgiven.
    """

    customers: int
    first: int
    last: int
    seed: int
    steady: bool = False


@dataclass(frozen=True, slots=True)
class Month:
    """The facts of one month: invoices issued in it and payments made in it, as structured arrays.

    Days are counted from 1970-01-01, money is in cents; a payment names its invoice by the customer's number.
    """

    month: int
    invoices: NDArray[Any]
    payments: NDArray[Any]


@dataclass(frozen=True, slots=True)
class _Holders:
    """What does not change about the holders of a chunk."""

    customer: Ints
    segment: Ints
    joins: Ints
    stay: bool
    scale: NDArray[np.float64]
    issue_day: Ints
    term: Ints


@dataclass(slots=True)
class _State:
    """What does: months behind, gone or not, numbers given so far, what is owed by month of invoice."""

    behind: Ints
    gone: Mask
    invoices: Ints
    payments: Ints
    owed: Ints
    owed_number: Ints


@dataclass(frozen=True, slots=True)
class _Issued:
    """The invoices of one month: whose (positions in the chunk), and the same as in INVOICE."""

    who: Ints
    rows: NDArray[Any]


def live(portfolio: Portfolio, chunk: int) -> Iterator[Month]:
    """The months of a portfolio, of the holders of one of its chunks."""
    first, last = portfolio.first, portfolio.last
    holders = _holders(portfolio, chunk)
    state = _newborn(len(holders.customer), last - first + 2)
    paid = {month: [np.zeros(0, PAYMENT)] for month in range(first, last + 2)}
    before: _Issued | None = None
    # One month more than asked for: invoices of that month may have been paid in the last one already.
    for month in range(first, last + 2):
        rng = np.random.default_rng([portfolio.seed, chunk, month - first, 1])
        cured = _cured(holders, state, month, rng)
        issued = _step(holders, state, month, rng)
        settled, tokens = _paid_when_issued(holders, state, issued, rng), _token(state, issued, rng)
        _owe(state, issued, tokens, month - first)
        for payments in (cured, settled, tokens):
            _file(payments, paid, first)
        if before is not None:
            yield Month(month - 1, before.rows, np.concatenate(paid.pop(month - 1)))
        before = issued


def chunks(customers: int) -> range:
    """The numbers of the chunks of a portfolio of so many customers."""
    return range(-(-customers // CHUNK))


@cache
def segments() -> dict[str, NDArray[np.float64]]:
    """The columns of segments.csv."""
    return _columns("segments.csv", skip="segment")


@cache
def season() -> dict[str, NDArray[np.float64]]:
    """The columns of season.csv, January first."""
    return _columns("season.csv", skip="month")


def _columns(name: str, skip: str) -> dict[str, NDArray[np.float64]]:
    with Path(__file__).with_name(name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {column: np.array([float(row[column]) for row in rows]) for column in rows[0] if column != skip}


def _holders(portfolio: Portfolio, chunk: int) -> _Holders:
    """The holders of a chunk: always as many are drawn, so a larger portfolio has the same ones first."""
    first = portfolio.first
    rng = np.random.default_rng([portfolio.seed, chunk, 0, 0])
    count = min(CHUNK, portfolio.customers - chunk * CHUNK)
    shares = np.cumsum(segments()["share"])
    segment = np.searchsorted(shares, rng.random(CHUNK) * shares[-1], side="right")
    joins = first + rng.integers(1, 25, CHUNK)
    joins[(rng.random(CHUNK) < THERE_FROM_THE_BEGINNING) | portfolio.steady] = first
    scale = np.exp(rng.normal(11.6, 0.8, CHUNK))
    issue_day = rng.integers(1, 32, CHUNK)
    term = rng.choice(np.array([5, 7, 8, 10, 12, 15]), CHUNK)
    return _Holders(
        customer=np.arange(chunk * CHUNK + 1, chunk * CHUNK + 1 + count),
        segment=segment[:count].astype(np.int64),
        joins=joins[:count],
        stay=portfolio.steady,
        scale=scale[:count],
        issue_day=issue_day[:count],
        term=term[:count],
    )


def _newborn(count: int, span: int) -> _State:
    return _State(
        behind=np.zeros(count, np.int64),
        gone=np.zeros(count, np.bool_),
        invoices=np.zeros(count, np.int64),
        payments=np.zeros(count, np.int64),
        owed=np.zeros((count, span), np.int64),
        owed_number=np.zeros((count, span), np.int64),
    )


def _step(holders: _Holders, state: _State, month: int, rng: np.random.Generator) -> _Issued:
    """Who is behind, who leaves and who gets an invoice in this month; draws are of the whole chunk."""
    count, of = len(holders.customer), segments()
    draws = rng.random((4, CHUNK))[:, :count]
    noise = rng.normal(0, 0.35, CHUNK)[:count]
    calendar = month % 12
    here = (holders.joins <= month) & ~state.gone
    leaves = here & (holders.joins < month) & (draws[0] < of["churn"][holders.segment])
    leaves |= (state.behind >= WRITTEN_OFF_AFTER) & (draws[0] < WRITTEN_OFF)
    if holders.stay:
        leaves[:] = False
        forgiven = state.behind >= WRITTEN_OFF_AFTER
        state.behind[forgiven], state.owed[forgiven] = 0, 0
    state.gone |= leaves
    falls = (state.behind == 0) & (draws[1] < of["fall"][holders.segment] * season()["falls"][calendar])
    state.behind[here & (falls | (state.behind > 0))] += 1
    invoiced = here & ~leaves
    invoiced &= (holders.joins == month) | (draws[2] < of["regularity"][holders.segment])
    who = np.flatnonzero(invoiced)
    state.invoices[who] += 1
    cents = np.maximum(holders.scale * season()["spending"][calendar] * np.exp(noise), 500)[who]
    rows = np.zeros(len(who), INVOICE)
    rows["customer"], rows["number"] = holders.customer[who], state.invoices[who]
    day = np.minimum(holders.issue_day[who], months.length(month)) - 1
    rows["issued"] = months.first_day(month) + day
    rows["due"] = rows["issued"] + holders.term[who]
    rows["cents"] = np.where(draws[3][who] < NOTHING_TO_PAY, 0, cents.astype(np.int64))
    rows["minimum"] = np.round(rows["cents"] * MINIMUM_SHARE).astype(np.int64)
    return _Issued(who, rows)


def _paid_when_issued(
    holders: _Holders, state: _State, issued: _Issued, rng: np.random.Generator
) -> NDArray[Any]:
    """The payments of those who are not behind, one or several to an invoice, in a way of their segment."""
    draws = rng.random((5, CHUNK))
    way_drawn, share, when, lateness, many = draws[:, issued.who]
    weights = np.stack([segments()[way] for way in WAYS], axis=1)
    edges = np.cumsum(weights, axis=1)[holders.segment[issued.who]]
    way = (way_drawn[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    is_way = {name: way == index for index, name in enumerate(WAYS)}
    whole, minimum = issued.rows["cents"], issued.rows["minimum"]
    between = minimum + ((whole - minimum) * share).astype(np.int64)
    total = np.select(
        [is_way["minimum"], is_way["part"], is_way["above"], is_way["token"]],
        [
            minimum,
            between,
            whole + (whole * share * 0.3).astype(np.int64) + 1,
            (minimum * share).astype(np.int64),
        ],
        whole,
    )
    total = np.where(is_way["several"] & (share < 0.4), between, total)
    term = issued.rows["due"] - issued.rows["issued"]
    in_time = issued.rows["issued"] + np.minimum((when**0.5 * (term + 1)).astype(np.int64), term)
    late = issued.rows["due"] + 1 + (lateness**2 * 27).astype(np.int64)
    early = issued.rows["issued"] - 1 - (when * 6).astype(np.int64)
    paid_on = np.select([is_way["early"], is_way["late"] | is_way["token"]], [early, late], in_time)
    times = np.where(is_way["several"], 2 + (many * (LAST_OF_SEVERAL - 1)).astype(np.int64), 1)
    step = 4 + (lateness * 22).astype(np.int64)
    settled = (state.behind[issued.who] == 0) & (total > 0)
    made = []
    for index in range(LAST_OF_SEVERAL):
        some = settled & (times > index)
        part = total // times
        part = np.where(index == times - 1, total - part * (times - 1), part)
        made.append(_payments(state, issued.who[some], issued.rows["number"][some], holders.customer))
        made[-1]["paid_on"], made[-1]["cents"] = (paid_on + index * step)[some], part[some]
    return np.concatenate(made)


def _token(state: _State, issued: _Issued, rng: np.random.Generator) -> NDArray[Any]:
    """What some pay who are behind: a part of the minimum, which stops no clock."""
    draws = rng.random((3, CHUNK))
    whether, share, when = draws[:, issued.who]
    some = (state.behind[issued.who] > 0) & (whether < TOKEN_WHILE_BEHIND) & (issued.rows["minimum"] > 100)
    payments = _payments(state, issued.who[some], issued.rows["number"][some], issued.rows["customer"], some)
    payments["paid_on"] = issued.rows["issued"][some] + (when[some] * 35).astype(np.int64)
    payments["cents"] = 1 + (issued.rows["minimum"][some] * share[some] * 0.6).astype(np.int64)
    return payments


def _owe(state: _State, issued: _Issued, tokens: NDArray[Any], column: int) -> None:
    """Note what those who are behind owe of this month's invoices."""
    behind = state.behind[issued.who] > 0
    who = issued.who[behind]
    state.owed[who, column] = issued.rows["cents"][behind]
    state.owed_number[who, column] = issued.rows["number"][behind]
    if len(tokens):
        first_customer = issued.rows["customer"][0] - issued.who[0]
        state.owed[tokens["customer"] - first_customer, column] -= tokens["cents"]


def _cured(holders: _Holders, state: _State, month: int, rng: np.random.Generator) -> NDArray[Any]:
    """The payments of those who come up to date in this month: all they owe from before, or most of it."""
    draws = rng.random((3, CHUNK))[:, : len(holders.customer)]
    chance = CURES[np.minimum(state.behind, len(CURES) - 1)]
    cured = ~state.gone & (draws[0] < chance)
    who, of = np.nonzero(np.where(cured[:, None], state.owed, 0) > 0)
    share = np.where(draws[1] < 0.8, 1.0, 0.4 + 0.6 * draws[2])[who]
    payments = _payments(state, who, state.owed_number[who, of], holders.customer)
    payments["paid_on"] = months.first_day(month) + (draws[2][who] * 28).astype(np.int64)
    payments["cents"] = np.maximum((state.owed[who, of] * share).astype(np.int64), 1)
    state.owed[who, of] = 0
    state.behind[cured] = 0
    return payments


def _payments(
    state: _State, who: Ints, invoice: Ints, customer: Ints, chosen: Mask | None = None
) -> NDArray[Any]:
    """Payments of the holders at `who` (sorted), numbered on from each one's last."""
    rows = np.zeros(len(who), PAYMENT)
    starts = np.searchsorted(who, who, side="left")
    rows["customer"] = customer[chosen] if chosen is not None else customer[who]
    rows["number"] = state.payments[who] + np.arange(len(who)) - starts + 1
    rows["invoice"] = invoice
    np.add.at(state.payments, who, 1)
    return rows


def _file(payments: NDArray[Any], paid: dict[int, list[NDArray[Any]]], first: int) -> None:
    """Put payments to the months in which they are made; none is made before the portfolio begins."""
    payments["paid_on"] = np.maximum(payments["paid_on"], months.first_day(first))
    day = payments["paid_on"].astype("datetime64[D]")
    month = day.astype("datetime64[M]").astype(np.int64) + 1970 * 12
    for one in np.unique(month).tolist():
        if one in paid:
            paid[one].append(payments[month == one])
