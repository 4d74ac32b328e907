"""Whatever the order in which files arrive, the tables are the same; a load touches what it has to alone."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import talib

import localaws
from samples.b3.calendar import sessions
from samples.b3.cotahist import Request, make
from samples.b3.services import make_answers
from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_technical import COLUMNS, RSI, WINDOW, in_lake, of_all, of_windows
from tests.python.reports.pages import Page, number

pytestmark = pytest.mark.integration

FIRST, LAST = date(2023, 1, 2), date(2024, 4, 30)
FIRST_MONTH, LAST_MONTH = "012023", "042024"
SESSIONS = sessions(FIRST, LAST)
LATE, NEWEST = SESSIONS[10], SESSIONS[-1]
# long enough for windows of 252 sessions to fill, short enough to end within the sessions
REACH = timedelta(days=400)
FULL = (
    "pc_retorno_1",
    "pc_retorno_21",
    "vl_media_movel_5",
    "vl_media_movel_20",
    "vl_media_movel_50",
    "vl_media_movel_200",
    "pc_volatilidade_21",
    "vl_maxima_20",
    "vl_minima_20",
    "vl_maxima_252",
    "vl_minima_252",
    "fl_maxima_252",
    "fl_minima_252",
    "pc_distancia_maxima_252",
    "vl_volume_medio_21",
    "pc_retorno_ano",
    "pc_retorno_relativo_21",
    "pc_beta_60",
)
VARS = ("--vars", f"{{b3_reach_days: {REACH.days}, production_schema: at_once}}")
RUN = ("--exclude-resource-type", "unit_test", "test", *VARS)
# empty here: what the conservation of rows reads is there after the first build, the rest nobody needs
NOT_AT_FIRST = ("--exclude", "path:models/refined/cards", "path:seeds/cards")
# neither what does not change
NOT_LATER = ("--exclude", "path:models/*/cards", "path:seeds", "config.materialized:view")
# answers of B3's services, which come with the first batch and with the third, and what is made of them
ANSWERS = ("index-levels", "index-portfolio", "corporate-actions")
OF_ANSWERS = ("b3_answer*", "b3_index_*", "b3_corporate_*", "stg_b3__index_*", "stg_b3__corporate_*")
EARLIER = date(2024, 2, 29)
THE_QUERY = (
    "SELECT * FROM cashflow.refined WHERE ticker = 'PETR4'"
    " AND dt_ref BETWEEN DATE('2024-01-01') AND DATE('2024-01-31');"
)

TABLES = [
    ("curated", "b3_session_files"),
    ("curated", "b3_sessions"),
    ("curated", "b3_quotes"),
    ("curated", "b3_quotes_quarantine"),
    ("curated", "b3_instrument_months"),
    ("curated", "b3_instruments"),
    ("curated", "b3_instrument_history"),
    ("curated", "b3_index_levels"),
    ("curated", "b3_index_portfolio"),
    ("curated", "b3_corporate_actions"),
    ("curated", "b3_answers_quarantine"),
    ("refined", "b3_daily_windows"),
    ("refined", "b3_price_adjustments"),
    ("refined", "b3_technical_indicators"),
    ("refined", "b3_daily_indicators"),
    ("refined", "b3_index_daily"),
    ("refined", "b3_index_contributions"),
    ("refined", "b3_market_daily"),
    ("refined", "b3_monthly_summary"),
    ("refined", "b3_payouts"),
    ("ops", "ops_row_conservation"),
]
# how columns begin that tell when files were landed, or follow of it
OF_THE_LOAD = ("nr_carga", "ts_", "fl_conhecido_tarde")


@dataclass(frozen=True, slots=True)
class Steps:
    """A lake that files came to one after the other, and what each load wrote and read."""

    lake: Lake
    written: dict[str, dict[str, set[date]]]
    scanned: dict[str, dict[str, int]]
    looked_up: dict[str, dict[str, int]]
    merged: dict[str, dict[str, int]]
    corrected: date


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All months but the last, sessions of the first and the last, and a faulty and a corrected one."""
    folder = tmp_path_factory.mktemp("files")
    make(Request(folder, FIRST, LAST, tickers=8, seed=11, dirty=True))
    make(Request(folder, FIRST, LAST, tickers=8, seed=11, spans=("month",)))
    faulty = json.loads((folder / "dirt.json").read_text())["rows"][0]["file"]
    wanted = (f"D??{FIRST_MONTH}.ZIP", f"D??{LAST_MONTH}.ZIP", "D*_corrected.ZIP", "M*.ZIP")
    found = {one.name: one for pattern in wanted for one in folder.glob(f"COTAHIST_{pattern}")}
    del found[f"COTAHIST_M{LAST_MONTH}.ZIP"]
    return found | {faulty: folder / faulty}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Folders of answers: as of a day within the last year, and as of the last one."""
    folders = {}
    for name, last in (("history", EARLIER), ("late and corrected", LAST)):
        folders[name] = tmp_path_factory.mktemp("answers")
        make_answers(Request(folders[name], FIRST, last, tickers=8, seed=11, dirty=True))
    return folders


def _land_answers(lake: Lake, folder: Path) -> None:
    for entity in ANSWERS:
        lake.land(sorted((folder / entity).iterdir()), may_be_refused=True, entity=("b3", entity))


@pytest.fixture(scope="module")
def at_once(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    files: dict[str, Path],
    answers: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    """Everything landed, the correction and the later answers last, then one run."""
    lake = Lake("at_once", tmp_path_factory.mktemp("at_once"), "at-once").create()
    lake.land(file for name, file in files.items() if "_corrected" not in name)
    lake.land(file for name, file in files.items() if "_corrected" in name)
    for folder in answers.values():
        _land_answers(lake, folder)
    lake.dbt("build", *RUN, *NOT_AT_FIRST)
    return lake


@pytest.fixture(scope="module")
def in_steps(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    files: dict[str, Path],
    answers: dict[str, Path],
    tmp_path_factory: pytest.TempPathFactory,
) -> Steps:
    """History, then a new day, then a late file and a corrected one, then a month known by its days."""
    lake = Lake("in_steps", tmp_path_factory.mktemp("in_steps"), "in-steps").create()
    newest, late = f"COTAHIST_D{NEWEST:%d%m%Y}.ZIP", f"COTAHIST_D{LATE:%d%m%Y}.ZIP"
    correction = next(name for name in files if "_corrected" in name)
    month = f"COTAHIST_M{FIRST_MONTH}.ZIP"
    batches = {
        "history": [name for name in sorted(files) if name not in {newest, late, correction, month}],
        "new day": [newest],
        "late and corrected": [late, correction],
        "month": [month],
    }
    written: dict[str, dict[str, set[date]]] = {}
    scanned, looked_up, merged = {}, {}, {}
    for batch, names in batches.items():
        lake.land(files[name] for name in names)
        if batch in answers:
            _land_answers(lake, answers[batch])
        before = lake.queries()
        lake.dbt("build", *RUN, *_left_out(is_first=not written, has_answers=batch in answers))
        scanned[batch] = lake.scanned_since(before)
        looked_up[batch] = lake.scanned_since(before, "select")
        merged[batch] = lake.scanned_since(before, "merge")
        written[batch] = {
            f"{layer}.{table}": _sessions_of_the_last_load(lake, layer, table)
            for layer, table in (("curated", "b3_quotes"), ("refined", "b3_daily_windows"))
        }
    corrected = datetime.strptime(correction[10:18], "%d%m%Y").date()
    return Steps(lake, written, scanned, looked_up, merged, corrected)


def _left_out(is_first: bool, has_answers: bool) -> tuple[str, ...]:
    """What a build need not make anew: what has no files here, and what no file came for."""
    if is_first:
        return NOT_AT_FIRST
    return NOT_LATER if has_answers else (*NOT_LATER, *OF_ANSWERS)


def _sessions_of_the_last_load(lake: Lake, layer: str, table: str) -> set[date]:
    name = f"{{lake}}_{layer}.{table}"
    return {
        row[0]
        for row in lake.rows(
            f"select distinct dt_ref from {name} where nr_carga = (select max(nr_carga) from {name})"
        )
    }


def test_any_order_of_arrival_gives_the_tables_of_one_build(at_once: Lake, in_steps: Steps) -> None:
    assert at_once.differences(in_steps.lake, TABLES, OF_THE_LOAD) == {}


def test_a_full_refresh_gives_the_same_tables(at_once: Lake, in_steps: Steps) -> None:
    names = ["b3_quotes", "b3_daily_windows", "b3_price_adjustments", "b3_technical_indicators"]
    names += ["b3_market_daily", "b3_monthly_summary"]
    tables = [(layer, table) for layer, table in TABLES if table in names]
    assert len(tables) == len(names)
    in_steps.lake.dbt("run", "--full-refresh", "--select", *names, *VARS)
    assert at_once.differences(in_steps.lake, tables, OF_THE_LOAD) == {}


def test_the_query_of_the_spec_runs_word_for_word(at_once: Lake) -> None:
    rows = at_once.rows(THE_QUERY)
    assert len(rows) == 22
    january = {day for day in SESSIONS if date(2024, 1, 1) <= day <= date(2024, 1, 31)}
    assert sorted(row[:2] for row in rows) == [(day, "PETR4") for day in sorted(january)]


def test_windows_are_full_in_what_is_compared(at_once: Lake) -> None:
    counts = ", ".join(f"count({column})" for column in FULL)
    (full,) = at_once.rows(f"select {counts} from {{lake}}_refined.b3_daily_indicators")
    assert [column for column, count in zip(FULL, full, strict=True) if count < 100] == []


def test_technical_indicators_are_those_of_ta_lib(at_once: Lake) -> None:
    """Of the same windows, to the digits that are kept."""
    full, actions = np.zeros(len(COLUMNS)), 0
    for ticker, prices, held in in_lake(at_once):
        np.testing.assert_allclose(held, of_windows(prices, REACH), rtol=0, atol=2e-8, err_msg=ticker)
        full += np.count_nonzero(~np.isnan(held[WINDOW:]), axis=0)
        actions += int(np.count_nonzero(prices.factors != 1))
    assert min(full) > 100
    assert actions > 6


def test_windows_leave_out_nothing_that_matters(at_once: Lake) -> None:
    """Of papers traded daily; TA-Lib's MACD begins its faster mean 14 sessions later than the mean itself."""
    daily = [found for found in in_lake(at_once) if len(found[1].days) > WINDOW]
    assert len(daily) > 4
    for ticker, prices, held in daily:
        off = abs(held - of_all(prices))
        assert np.nanmax(off[:, :RSI]) < 2e-7, ticker
        assert np.nanmax(off[:, RSI]) < 2e-6, ticker
        macd = np.column_stack(talib.MACD(prices.closes * prices.adjustments, 12, 26, 9))
        own = macd / prices.adjustments[:, np.newaxis]
        assert np.nanmax(abs(held[:, 2:5] - own)[176:]) < 2e-7, ticker


def test_a_new_day_writes_its_day(in_steps: Steps) -> None:
    assert in_steps.written["new day"] == {
        "curated.b3_quotes": {NEWEST},
        "refined.b3_daily_windows": {NEWEST},
    }


def test_late_and_corrected_files_write_their_days_and_the_windows_that_reach_them(
    in_steps: Steps,
) -> None:
    came = {LATE, in_steps.corrected}
    of_answers = {day for day in SESSIONS if day > EARLIER}
    reached = {day for day in SESSIONS if any(day - REACH <= one <= day for one in came)} | of_answers
    assert in_steps.written["late and corrected"] == {
        "curated.b3_quotes": came,
        "refined.b3_daily_windows": reached,
    }
    assert reached < set(SESSIONS)


def test_a_correction_takes_away_what_it_leaves_out(in_steps: Steps) -> None:
    for table in ("curated.b3_quotes", "refined.b3_daily_windows"):
        left = in_steps.lake.rows(
            f"select ticker from {{lake}}_{table} where dt_ref = date '{in_steps.corrected}'"
            " and ticker in ('ITUB4', 'VALE3')"
        )
        assert left == [("VALE3",)]


def test_a_new_day_reads_its_file_alone(in_steps: Steps) -> None:
    """Of the raw table; what else these models read is not partitioned by file."""
    of_history, of_a_day = (in_steps.scanned[batch]["b3_quotes"] for batch in ("history", "new day"))
    assert 0 < of_a_day < of_history / 10


def test_a_new_day_reads_no_history_of_quotes(in_steps: Steps) -> None:
    """Its own file and the month it lies in; to find out what is new, the load before it, here of one day."""
    whole = in_steps.lake.rows('select sum(file_size_in_bytes) from {lake}_curated."b3_quotes$files"')[0][0]
    for model in ("b3_quotes", "b3_instrument_months"):
        read = {
            "looked up": in_steps.looked_up["late and corrected"][model],
            "selected": in_steps.scanned["new day"][model],
            "merged": in_steps.merged["new day"][model],
        }
        assert 0 < sum(read.values()) < whole / 4, (model, read, whole)


def test_the_merge_of_a_new_day_reads_no_history_of_indicators(in_steps: Steps) -> None:
    (whole,) = in_steps.lake.rows(
        'select sum(file_size_in_bytes) from {lake}_refined."b3_daily_windows$files"'
    )[0]
    assert 0 <= in_steps.merged["new day"]["b3_daily_windows"] < whole / 4


def test_what_no_load_touches_keeps_its_load_number(in_steps: Steps) -> None:
    first = in_steps.lake.rows(
        "select count(distinct nr_carga), min(dt_ref), max(dt_ref) from {lake}_curated.b3_quotes"
        " where nr_carga = (select min(nr_carga) from {lake}_curated.b3_quotes)"
    )
    assert first == [(1, date(2023, 2, 1), SESSIONS[-2])]


def test_every_line_of_every_file_is_somewhere(in_steps: Steps) -> None:
    where = in_steps.lake.rows(
        "select sum(qt_linhas), sum(qt_curadas), sum(qt_substituidas), sum(qt_duplicadas), sum(qt_quarentena)"
        " from {lake}_ops.ops_row_conservation group by ds_entidade = 'cotahist'"
        " order by ds_entidade = 'cotahist'"
    )
    for lines, *places in where:
        assert lines == sum(places)
    of_answers, of_quotes = where
    assert of_answers[3] > of_answers[4] == 2
    assert of_quotes[2] > of_quotes[4] == 6
    assert of_quotes[3] == 1


def test_later_answers_add_to_earlier_ones_and_repeat_them(in_steps: Steps) -> None:
    """Levels and dividends come again with those that are new; portfolios are of two days."""
    levels = in_steps.lake.rows(
        "select ds_situacao, count(*), max(dt_ref) from {lake}_curated.b3_index_level_versions"
        " group by ds_situacao order by ds_situacao"
    )
    repeated = sum(date(2024, 1, 1) <= day <= EARLIER for day in SESSIONS)
    assert levels == [("current", len(SESSIONS) - 1, LAST), ("duplicate", repeated, EARLIER)]
    days = in_steps.lake.rows(
        "select dt_ref, abs(sum(pc_participacao) - 1) < 0.0001 from {lake}_curated.b3_index_portfolio"
        " group by dt_ref order by dt_ref"
    )
    assert days == [(EARLIER, True), (LAST, True)]


def test_actions_go_ex_where_the_quotes_do(in_steps: Steps) -> None:
    """The session without the right is the one on which the distribution number of the quotes changes."""
    told = in_steps.lake.rows(
        "select distinct cd_empresa, dt_ex from {lake}_curated.b3_corporate_actions"
        f" where dt_ex between date '{SESSIONS[1]}' and date '{LAST}' and ds_classe in ('ON', 'PN')"
        " and cd_empresa in ('PETR', 'VALE', 'ITUB')"
    )
    shown = in_steps.lake.rows(
        "select substr(ticker, 1, 4), dt_ref from ("
        "select ticker, dt_ref, nr_distribuicao,"
        " lag(nr_distribuicao) over (partition by ticker order by dt_ref) as antes"
        " from {lake}_refined.b3_daily_indicators where ticker in ('PETR4', 'VALE3', 'ITUB4'))"
        " where nr_distribuicao != antes"
    )
    assert len(shown) > 6
    assert set(shown) <= set(told)


def test_a_page_shows_what_the_tables_say(at_once: Lake, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    done = at_once.report("--date", str(LAST), "--ticker", "PETR4", "--ticker", "XXXX9", "--out", str(out))
    assert done.returncode == 0, done.stderr
    assert "XXXX9 was not traded" in done.stderr
    assert str(out) in done.stdout
    page = Page(out.read_text(encoding="utf-8"))
    assert (page.title, page.loaded) == (f"B3 em {LAST:%d/%m/%Y}", [])
    assert page.charts == ["grafico-ibov", "grafico-setores", "grafico-PETR4"]
    of_day = f"where dt_ref = date '{LAST}'"
    (market,) = at_once.rows(
        f"select qt_instrumentos, qt_altas, vl_ibov from {{lake}}_refined.b3_market_daily {of_day}"
    )
    shown = page.facts["mercado"]
    assert [number(shown[name]) for name in ("Instrumentos", "Em alta", "IBOV")] == list(market)
    members = at_once.rows(
        f"select ticker, round(vl_contribuicao, 2) from {{lake}}_refined.b3_index_contributions {of_day}"
        " and cd_indice = 'IBOV' order by vl_contribuicao desc, ticker"
    )
    assert len(members) > 3
    assert [(row[0].split()[0], number(row[-1])) for row in page.tables["Papéis"]] == members
    ((close,),) = at_once.rows(
        f"select vl_fechamento from {{lake}}_refined.b3_daily_indicators {of_day} and ticker = 'PETR4'"
    )
    assert number(page.facts["PETR4"]["Fechamento"]) == close
    actions = at_once.rows(
        "select date_format(dt_ref, '%d/%m/%Y'), ds_proventos from {lake}_refined.b3_price_adjustments"
        f" where ticker = 'PETR4' and dt_ref between date '{SESSIONS[-252]}' and date '{LAST}'"
        " order by dt_ref desc"
    )
    listed = page.tables["Proventos: pregões em que o papel ficou sem o direito"]
    assert [(row[0], row[1]) for row in listed] == actions


def test_a_page_of_a_day_without_a_session_names_those_nearest(at_once: Lake, tmp_path: Path) -> None:
    done = at_once.report("--date", str(LAST + timedelta(days=1)), "--out", str(tmp_path / "page.html"))
    assert done.returncode == 1
    assert f"the one before is {LAST}" in done.stderr
    assert not (tmp_path / "page.html").exists()
