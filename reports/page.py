"""The page of a session: one HTML file, with all it needs inside."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from jinja2 import Environment, PackageLoader, StrictUndefined
from plotly.offline import get_plotlyjs

from reports import figures
from reports.athena import Row
from reports.day import INDEX, LEAST_VOLUME, Day
from reports.format import FILTERS

MOVERS, MEMBERS = 10, 5
NO_SECTOR = "Sem setor"


@dataclass(frozen=True, slots=True)
class Ticker:
    """A ticker's part of the page: its last session until the day, its actions, its chart, also as rows."""

    code: str
    last: Row | None
    actions: list[Row]
    sessions: int
    chart: str | None
    months: list[Row]


def render(day: Day) -> str:
    """The page."""
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= FILTERS
    of_sectors = sectors(day.members)
    return environment.get_template("b3.html").render(
        day=day,
        index=INDEX,
        least_volume=LEAST_VOLUME,
        ibov_chart=figures.as_html(figures.ibov(day.ibov), "grafico-ibov") if len(day.ibov) > 1 else None,
        ibov_months=month_ends(day.ibov),
        winners=[row for row in day.movers if row["pc_retorno_ajustado_1"] > 0][:MOVERS],
        losers=[row for row in reversed(day.movers) if row["pc_retorno_ajustado_1"] < 0][:MOVERS],
        sectors=of_sectors,
        sectors_chart=figures.as_html(figures.sectors(of_sectors), "grafico-setores") if of_sectors else None,
        added=[row for row in day.members if row["vl_contribuicao"] > 0][:MEMBERS],
        taken=[row for row in reversed(day.members) if row["vl_contribuicao"] < 0][:MEMBERS],
        contribution=sum((row["vl_contribuicao"] for row in day.members), Decimal()),
        tickers=[_ticker(code, rows) for code, rows in day.tickers.items()],
        plotly=get_plotlyjs(),
    )


def sectors(members: list[Row]) -> list[Row]:
    """What the members of each sector added together, the greatest first."""
    together: dict[str, list[Row]] = defaultdict(list)
    for row in members:
        together[row["ds_setor_economico"] or NO_SECTOR].append(row)
    summed = [
        {
            "ds_setor_economico": name,
            "qt_membros": len(rows),
            "pc_participacao": sum(row["pc_participacao"] for row in rows),
            "vl_contribuicao": sum(row["vl_contribuicao"] for row in rows),
        }
        for name, rows in together.items()
    ]
    return sorted(summed, key=lambda row: (-row["vl_contribuicao"], row["ds_setor_economico"]))


def month_ends(rows: list[Row]) -> list[Row]:
    """The last row of each month, the latest first."""
    return list(reversed({(row["dt_ref"].year, row["dt_ref"].month): row for row in rows}.values()))


def _ticker(code: str, rows: list[Row]) -> Ticker:
    return Ticker(
        code=code,
        last=rows[-1] if rows else None,
        actions=[row for row in reversed(rows) if row["ds_proventos"]],
        sessions=len(rows),
        chart=figures.as_html(figures.ticker(rows), f"grafico-{code}") if len(rows) > 1 else None,
        months=month_ends(rows),
    )
