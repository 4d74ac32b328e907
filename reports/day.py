"""All that the page of a session shows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.athena import Refined, Row

INDEX = "IBOV"
LEAST_VOLUME = 1_000_000
# 252 sessions and the 200 before them that a mean's first value needs; what the indicators look back, too
REACH = timedelta(days=730)


class NoSessionError(Exception):
    """The lake has no session on that day; the message names those nearest to it."""


@dataclass(frozen=True, slots=True)
class Day:
    """A session: its row of the market, and rows of its index, movers, members and tickers."""

    date: date
    market: Row
    ibov: list[Row]
    movers: list[Row]
    members: list[Row]
    tickers: dict[str, list[Row]]


def of_lake(
    refined: Refined, day: date, tickers: Sequence[str], on_query: Callable[[str], None] = lambda _: None
) -> Day:
    """The day as the lake knows it, with these tickers or else the three of greatest volume.

    `on_query` is told the name of each query before it is asked. Raises NoSessionError.
    """

    def ask(query: str, **parameters: object) -> list[Row]:
        on_query(query)
        return refined.rows(query, day=day, **parameters)

    market = ask("market")
    if not market:
        raise NoSessionError(no_session(day, **ask("sessions_near")[0]))
    first = day - REACH
    chosen = tickers or [row["ticker"] for row in ask("most_traded")]
    return Day(
        date=day,
        market=market[0],
        ibov=ask("ibov", index=INDEX, first=first),
        movers=ask("movers", least_volume=LEAST_VOLUME),
        members=ask("contributions", index=INDEX),
        tickers={ticker: ask("ticker", ticker=ticker, first=first) for ticker in chosen},
    )


def no_session(day: date, dt_anterior: date | None, dt_seguinte: date | None) -> str:
    """What is said of a day without a session, and of those nearest to it."""
    near = [
        f"the one {where} is {found}"
        for where, found in (("before", dt_anterior), ("after", dt_seguinte))
        if found
    ]
    if not near:
        return "The lake has no session. Land quotes (python -m ingestion b3 quotes) and run dbt build."
    return f"The lake has no session on {day}: {', '.join(near)}."
