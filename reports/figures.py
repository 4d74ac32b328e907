"""The charts of a page, by plotly: drawn in the browser, from data that is in the page."""

from collections.abc import Sequence
from textwrap import wrap

import plotly.graph_objects as go
import plotly.io
from plotly.subplots import make_subplots

from reports.athena import Row

BLUE, ORANGE, PURPLE, GREY = "#3b7ddd", "#c8760f", "#9a5fd0", "#8a8f98"
GREEN, RED = "#2a9d6a", "#d9534f"
CLEAR = "rgba(0,0,0,0)"
CONFIG = {"displayModeBar": False, "responsive": True}
LINES_HEIGHT, TICKER_HEIGHT, BAR_HEIGHT = 360, 620, 30
# beside the bars, as a part of their span, for what is written there
ROOM = 0.45
NAME_WIDTH = 16
# sessions that are few enough for a line to show where they are
FEW = 40
DAYS_NAMED = 6


def ibov(rows: Sequence[Row]) -> go.Figure:
    """Levels of the IBOV with their means."""
    figure = go.Figure()
    _lines(
        figure,
        rows,
        {
            "vl_nivel": ("IBOV", BLUE),
            "vl_media_movel_21": ("média 21", ORANGE),
            "vl_media_movel_200": ("média 200", PURPLE),
        },
    )
    figure.update_xaxes(nticks=_ticks(rows))
    figure.update_yaxes(tickformat=",d")
    return _dressed(figure, LINES_HEIGHT)


def sectors(rows: Sequence[Row]) -> go.Figure:
    """What each sector added, the greatest on top."""
    values = [float(row["vl_contribuicao"]) for row in rows]
    low, high = min(0.0, *values), max(0.0, *values)
    room = ROOM * (high - low)
    figure = go.Figure(
        go.Bar(
            x=values,
            y=["<br>".join(wrap(row["ds_setor_economico"], NAME_WIDTH)) for row in rows],
            orientation="h",
            marker_color=[GREEN if value >= 0 else RED for value in values],
            texttemplate="%{x:+,.2f}",
            textposition="outside",
            cliponaxis=False,
            hovertemplate="%{y}: %{x:+,.2f} pontos<extra></extra>",
        )
    )
    figure = _dressed(figure, BAR_HEIGHT * len(rows) + 40)
    figure.update_layout(hovermode="closest")
    figure.update_xaxes(showticklabels=False, zeroline=True, range=[low - room, high + room])
    return figure.update_yaxes(autorange="reversed", showgrid=False)


def ticker(rows: Sequence[Row]) -> go.Figure:
    """A ticker's adjusted closes with means and events, its volume and its fall from the top."""
    figure = make_subplots(
        rows=3,
        shared_xaxes=True,
        row_heights=[0.56, 0.2, 0.24],
        vertical_spacing=0.08,
        subplot_titles=("", "Volume, R$ milhões", "Queda desde a máxima ajustada"),
    )
    _lines(
        figure,
        rows,
        {
            "vl_ajustado": ("fechamento", BLUE),
            "vl_media_20": ("média 20", ORANGE),
            "vl_media_50": ("média 50", GREEN),
            "vl_media_200": ("média 200", PURPLE),
        },
    )
    _events(figure, [row for row in rows if row["ds_proventos"]])
    days = [row["dt_ref"] for row in rows]
    millions = go.Bar(
        x=days,
        y=[float(row["vl_volume"]) / 1e6 for row in rows],
        name="volume",
        marker_color=GREY,
        showlegend=False,
        hovertemplate="R$ %{y:,.2f} mi",
    )
    falls = go.Scatter(
        x=days,
        y=[row["pc_queda"] for row in rows],
        name="queda",
        mode="lines",
        line={"color": RED, "width": 1.2},
        fill="tozeroy",
        showlegend=False,
        hovertemplate="%{y:.2%}",
    )
    figure.add_trace(millions, row=2, col=1)
    figure.add_trace(falls, row=3, col=1)
    figure.update_xaxes(nticks=_ticks(rows))
    figure.update_yaxes(tickformat=",.2~f", row=2)
    figure.update_yaxes(tickformat=".2~%", rangemode="tozero", row=3)
    figure.update_annotations(x=0, xanchor="left", font_size=12)
    return _dressed(figure, TICKER_HEIGHT)


def as_html(figure: go.Figure, name: str) -> str:
    """The figure as an element of that id, for a page that has plotly.js already."""
    html: str = plotly.io.to_html(figure, CONFIG, include_plotlyjs=False, full_html=False, div_id=name)
    return html


def _ticks(rows: Sequence[Row]) -> int:
    """How many days an axis may name: no more than there are, lest one is named twice; 0: what fits."""
    return len(rows) if len(rows) < DAYS_NAMED else 0


def _lines(figure: go.Figure, rows: Sequence[Row], columns: dict[str, tuple[str, str]]) -> None:
    days = [row["dt_ref"] for row in rows]
    for width, (column, (name, colour)) in zip((2.0, 1.2, 1.2, 1.2), columns.items(), strict=False):
        values = [row[column] for row in rows]
        if any(value is not None for value in values):
            figure.add_scatter(
                x=days,
                y=[None if value is None else float(value) for value in values],
                name=name,
                mode="lines+markers" if len(rows) < FEW else "lines",
                line={"color": colour, "width": width},
                hovertemplate="%{y:,.2f}",
            )


def _events(figure: go.Figure, rows: Sequence[Row]) -> None:
    if rows:
        figure.add_scatter(
            x=[row["dt_ref"] for row in rows],
            y=[row["vl_ajustado"] for row in rows],
            text=[row["ds_proventos"].lower() for row in rows],
            name="provento",
            mode="markers",
            marker={"symbol": "diamond", "size": 10, "color": RED, "line": {"color": "#fff", "width": 1}},
            hovertemplate="%{text}",
        )


def _dressed(figure: go.Figure, height: int) -> go.Figure:
    """In the page's clothes; its style sheet colours ink and lines, for light, dark and print."""
    figure.update_layout(
        template="none",
        height=height,
        separators=",.",
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        font={"family": "system-ui, sans-serif", "size": 12, "color": GREY},
        margin={"l": 0, "r": 8, "t": 30, "b": 8},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "bgcolor": CLEAR},
        hovermode="x unified",
        hoverlabel={"bgcolor": "#20242b", "font": {"color": "#ffffff"}},
        dragmode=False,
        bargap=0.2,
    )
    figure.update_xaxes(
        automargin=True,
        tickangle=0,
        showgrid=False,
        hoverformat="%d/%m/%Y",
        tickformatstops=[
            {"dtickrange": [None, "M1"], "value": "%d/%m/%y"},
            {"dtickrange": ["M1", None], "value": "%m/%Y"},
        ],
    )
    figure.update_yaxes(automargin=True, zeroline=False, gridwidth=1)
    return figure
