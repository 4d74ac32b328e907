"""What a page shows of a day, what it says of what is not there, and that it needs nothing but itself."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from typing import Any

import pytest

from reports import figures
from reports.athena import Row
from reports.day import Day, no_session
from reports.format import FILTERS
from reports.page import render, sectors
from tests.python.reports.pages import Page

TODAY = date(2026, 1, 29)
NBSP = "\N{NO-BREAK SPACE}"


def price(day: date, **other: object) -> Row:
    """A row of the query `ticker`, all of whose windows are still open."""
    row: Row = {
        "dt_ref": day,
        "ticker": "PETR4",
        "ds_nome": "PETROBRAS",
        "ds_tipo": "acao",
        "vl_fechamento": Decimal("28.16"),
        "vl_ajustado": 28.16,
        "vl_media_20": None,
        "vl_media_50": None,
        "vl_media_200": None,
        "pc_queda": -0.05,
        "vl_volume": Decimal("391520000.00"),
        "vl_volume_medio_21": None,
        "qt_negocios": 71512,
        "fl_negocios_suspeitos": False,
        "ds_proventos": None,
        "pc_fator_provento": Decimal(1),
        "fl_provento_sem_ajuste": False,
        "pc_retorno_ajustado_1": Decimal("-0.0192"),
        "pc_retorno_ajustado_21": None,
        "pc_retorno_ajustado_ano": None,
        "pc_retorno_relativo_21": None,
        "pc_volatilidade_21": None,
        "pc_beta_60": None,
    }
    return row | other


def mover(ticker: str, change: str) -> Row:
    return {
        "ticker": ticker,
        "ds_nome": f"NOME DE {ticker}",
        "vl_fechamento": Decimal("1234.5"),
        "pc_retorno_ajustado_1": Decimal(change),
        "vl_volume": Decimal("23456789.00"),
    }


def member(ticker: str, sector: str | None, points: str) -> Row:
    return {
        "ticker": ticker,
        "ds_nome": ticker,
        "ds_setor_economico": sector,
        "dt_carteira": TODAY,
        "pc_participacao": Decimal("0.25"),
        "pc_retorno_ajustado_1": Decimal("0.01"),
        "vl_contribuicao": Decimal(points),
        "vl_nivel": Decimal(126485),
        "vl_nivel_anterior": Decimal(126412),
    }


def levels(count: int) -> list[Row]:
    return [
        {
            "dt_ref": TODAY - timedelta(days=count - 1 - number),
            "vl_nivel": Decimal(126485),
            "vl_media_movel_21": None,
            "vl_media_movel_200": None,
        }
        for number in range(count)
    ]


BARE = Day(
    date=TODAY,
    market={
        "dt_ref": TODAY,
        "qt_instrumentos": 1422,
        "qt_altas": 10,
        "qt_baixas": 9,
        "qt_estaveis": 0,
        "qt_maximas_252": 1,
        "qt_minimas_252": 2,
        "vl_volume": Decimal("6428864779.56"),
        "qt_negocios": 437334,
        "vl_ibov": None,
        "pc_ibov_1": None,
    },
    ibov=[],
    movers=[],
    members=[],
    tickers={"XXXX3": []},
)
WHOLE = replace(
    BARE,
    market=BARE.market | {"vl_ibov": Decimal(126485), "pc_ibov_1": Decimal("0.00057748")},
    ibov=levels(3),
    movers=[mover("UP3", "0.0378"), mover("SAME3", "0"), mover("DOWN3", "-0.0192")],
    members=[member("UP3", "Bens Indls", "100.5"), member("DOWN3", None, "-27.5")],
    tickers={"PETR4": [price(TODAY - timedelta(days=1), ds_proventos="DIVIDENDO"), price(TODAY)]},
)


@pytest.mark.parametrize("day", [BARE, WHOLE], ids=["bare", "whole"])
def test_a_page_is_whole_and_loads_nothing(day: Day) -> None:
    page = Page(render(day))
    assert (page.language, page.title) == ("pt-BR", "B3 em 29/01/2026")
    assert page.loaded == []
    assert set(page.links) <= {f"#{place}" for place in page.places}


def test_numbers_are_as_brazilians_write_them() -> None:
    page = Page(render(WHOLE))
    assert page.facts["mercado"] == {
        "Volume à vista": "R$ 6,43 bi",
        "Negócios": "437.334",
        "Instrumentos": "1.422",
        "Em alta": "10",
        "Em baixa": "9 0 estáveis",
        "Novas máximas": "1 de 252 pregões",
        "Novas mínimas": "2 de 252 pregões",
        "IBOV": "126.485,00 +0,06%",
    }
    assert page.tables["Maiores altas"] == [["UP3 NOME DE UP3", "1.234,50", "+3,78%", "23,46 mi"]]
    assert page.tables["Maiores baixas"] == [["DOWN3 NOME DE DOWN3", "1.234,50", "-1,92%", "23,46 mi"]]


@pytest.mark.parametrize(
    ("form", "value", "written"),
    [
        ("price", Decimal("1234.567"), "1.234,57"),
        ("price", Decimal("0.01230000"), "0,0123"),
        ("price", Decimal(0), "0,00"),
        ("large", Decimal("1200000000000"), f"1,2{NBSP}tri"),
        ("large", Decimal("23456789"), f"23,46{NBSP}mi"),
        ("large", Decimal("531.5"), "531,50"),
        ("large", Decimal("999.994"), "999,99"),
        ("large", Decimal("999.999"), f"1{NBSP}mil"),
        ("large", Decimal("999999.999"), f"1{NBSP}mi"),
        ("large", Decimal("-1234.5"), f"-1,23{NBSP}mil"),
        ("large", Decimal("0"), "0,00"),
        ("large", 1_000_000, f"1{NBSP}mi"),
        ("count", 1234567, "1.234.567"),
        ("points", Decimal("126485.000000000000"), "126.485,00"),
        ("change_in_points", Decimal("73"), "+73,00"),
        ("change_in_points", Decimal("-0.001"), "0,00"),
        ("ratio", Decimal("0.35758"), "35,76%"),
        ("ratio", -0.4114, "-41,14%"),
        ("change", Decimal("-0.01636385"), "-1,64%"),
        ("change", Decimal("0.5"), "+50,00%"),
        ("change", Decimal("-0.00001"), "0,00%"),
        ("as_date", date(2026, 1, 3), "03/01/2026"),
        ("reais", "28,16", f"R${NBSP}28,16"),
    ],
)
def test_a_form(form: str, value: Any, written: str) -> None:
    assert FILTERS[form](value) == written


@pytest.mark.parametrize("form", sorted(set(FILTERS) - {"as_date", "reais"}))
def test_what_is_not_there_is_a_dash(form: str) -> None:
    assert FILTERS["reais"](FILTERS[form](None)) == "\N{EN DASH}"


def test_what_has_no_data_says_so() -> None:
    page = Page(render(BARE))
    assert page.charts == []
    for said in (
        "Não há nível do IBOV em 29/01/2026.",
        "Para um gráfico faltam níveis do IBOV nos dois anos até essa data.",
        "Nenhuma ação ou unit com volume de R$ 1 mi ou mais tem um retorno nesse dia.",
        (
            "Não há carteira do IBOV que valha em 29/01/2026,"
            " ou não há cotações do pregão anterior para comparar."
        ),
        "XXXX3 não foi negociado no mercado à vista nos dois anos até 29/01/2026.",
    ):
        assert said in page.texts


def test_a_single_session_is_no_chart() -> None:
    page = Page(render(replace(WHOLE, ibov=levels(1), members=[], tickers={"PETR4": [price(TODAY)]})))
    assert page.charts == []
    assert "É o único pregão do papel nos dois anos até essa data: não há o que traçar." in page.texts


def test_a_paper_that_was_not_traded_on_the_day_says_of_when_its_numbers_are() -> None:
    before = [price(TODAY - timedelta(days=2)), price(TODAY - timedelta(days=1))]
    page = Page(render(replace(WHOLE, tickers={"PETR4": before})))
    said = "Não foi negociado em 29/01/2026; os números são de 28/01/2026, seu último pregão."
    assert said in page.texts


def test_actions_are_listed_with_what_they_did_to_the_price() -> None:
    rows = [
        price(TODAY - timedelta(days=3)),
        price(TODAY - timedelta(days=2), ds_proventos="DIVIDENDO", pc_fator_provento=Decimal("0.985")),
        price(TODAY - timedelta(days=1), ds_proventos="CISAO", fl_provento_sem_ajuste=True),
    ]
    page = Page(render(replace(WHOLE, tickers={"PETR4": rows})))
    assert page.tables["Proventos: pregões em que o papel ficou sem o direito"] == [
        [
            "28/01/2026",
            "CISAO (em parte ou no todo sem ajuste: não há regra que diga seu valor)",
            "0,00%",
        ],
        ["27/01/2026", "DIVIDENDO", "-1,50%"],
    ]


def test_contributions_are_beside_what_the_index_did() -> None:
    page = Page(render(WHOLE))
    assert page.charts == ["grafico-ibov", "grafico-setores", "grafico-PETR4"]
    assert (
        "Os 2 papéis da carteira de 29/01/2026 que foram negociados somaram +73,00 pontos; o índice variou"
        " +73,00 pontos, para 126.485,00." in page.texts
    )
    assert page.tables["Setores"] == [
        ["Bens Indls", "1", "25,00%", "+100,50"],
        ["Sem setor", "1", "25,00%", "-27,50"],
    ]


def test_without_a_level_there_is_nothing_to_compare_with() -> None:
    members = [row | {"vl_nivel": None, "vl_nivel_anterior": None} for row in WHOLE.members]
    page = Page(render(replace(WHOLE, members=members)))
    said = (
        "Os 2 papéis da carteira de 29/01/2026 que foram negociados somaram +73,00 pontos;"
        " não há nível do índice para comparar."
    )
    assert said in page.texts


def test_members_of_a_sector_are_summed_the_greatest_first() -> None:
    rows = [
        member("A3", "Cons N Básico", "1"),
        member("B3", "Cons N Básico", "2"),
        member("C3", "Diversos", "5"),
    ]
    assert [
        (row["ds_setor_economico"], row["qt_membros"], row["vl_contribuicao"]) for row in sectors(rows)
    ] == [
        ("Diversos", 1, 5),
        ("Cons N Básico", 2, 3),
    ]


def test_what_a_chart_draws_is_in_a_table_too_a_row_a_month() -> None:
    means = {"vl_media_movel_21": Decimal("126000.5"), "vl_media_movel_200": None}
    ends = [
        {"dt_ref": date(2026, month, day), "vl_nivel": Decimal(1000 * month + day)} | means
        for month, day in ((1, 29), (1, 30), (2, 2))
    ]
    rows = [price(date(2025, 12, 30)), price(TODAY - timedelta(days=1)), price(TODAY)]
    page = Page(render(replace(WHOLE, ibov=ends, tickers={"PETR4": rows})))
    assert page.tables["IBOV por mês"] == [
        ["02/02/2026", "2.002,00", "126.000,50", "\N{EN DASH}"],
        ["30/01/2026", "1.030,00", "126.000,50", "\N{EN DASH}"],
    ]
    assert page.tables["PETR4 por mês"] == [
        ["29/01/2026", "28,16", "391,52 mi", "-5,00%"],
        ["30/12/2025", "28,16", "391,52 mi", "-5,00%"],
    ]


@pytest.mark.parametrize("paper", ["#ffffff", "#14171b"], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["BLUE", "ORANGE", "PURPLE", "GREEN", "RED", "GREY"])
def test_lines_stand_out_from_the_page(name: str, paper: str) -> None:
    """Three to one, as WCAG asks of graphics."""
    assert f"--paper: {paper}" in files("reports").joinpath("templates", "page.css").read_text("utf-8")
    lighter, darker = sorted((luminance(getattr(figures, name)), luminance(paper)), reverse=True)
    assert (lighter + 0.05) / (darker + 0.05) >= 3


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_what_the_data_says_is_text_and_no_markup() -> None:
    evil = "</script><script src=http://x>"
    rows = [price(TODAY - timedelta(days=1), ds_nome=evil, ds_proventos=evil), price(TODAY, ds_nome=evil)]
    page = Page(render(replace(WHOLE, members=[member("A3", evil, "1")], tickers={"PETR4": rows})))
    assert page.loaded == []
    assert page.tables["Proventos: pregões em que o papel ficou sem o direito"][0][1] == evil


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (date(2026, 1, 30), None, "The lake has no session on 2026-01-31: the one before is 2026-01-30."),
        (None, date(2026, 2, 2), "The lake has no session on 2026-01-31: the one after is 2026-02-02."),
        (
            date(2026, 1, 30),
            date(2026, 2, 2),
            (
                "The lake has no session on 2026-01-31: the one before is 2026-01-30,"
                " the one after is 2026-02-02."
            ),
        ),
        (
            None,
            None,
            "The lake has no session. Land quotes (python -m ingestion b3 quotes) and run dbt build.",
        ),
    ],
)
def test_a_day_without_a_session_names_those_nearest(
    before: date | None, after: date | None, said: str
) -> None:
    assert no_session(date(2026, 1, 31), before, after) == said
