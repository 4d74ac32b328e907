"""Real invoices and payments: the portfolio against pandas, the first customer by hand, the months' sums."""

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
import pytest

import localaws
from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_cards import LANDED
from tests.python.lake.oracle_lake import Facts, Row, put

pytestmark = [pytest.mark.integration, pytest.mark.real, pytest.mark.slow]

SAFRA, REFERENCE = 202311, pd.Timestamp("2023-11-30")
MODELS = (
    "cards_corrections",
    "cards_customer_months",
    "cards_invoice_book",
    "cards_vintages",
    "cards_portfolio_book",
    "cards_portfolio_monthly",
)
# From the README of the data: month, invoices, their sum, payments, their sum.
SUMS = {
    202301: (10_000, "349639213.45", 5_780, "99110134.66"),
    202302: (10_000, "348192399.96", 6_562, "115444540.81"),
    202303: (10_000, "349947136.49", 7_251, "125977170.38"),
    202304: (10_000, "349499697.11", 6_844, "120625730.59"),
    202305: (10_000, "350792811.82", 6_993, "122738552.44"),
    202306: (10_000, "348060000.22", 6_924, "119543356.52"),
    202307: (10_000, "352543075.32", 7_150, "127584806.60"),
    202308: (10_000, "352348142.87", 7_094, "127117722.73"),
    202309: (10_000, "348283331.41", 6_782, "115966667.43"),
    202310: (10_000, "346784016.06", 7_238, "126506625.86"),
    202311: (10_000, "353545546.08", 6_915, "123731307.72"),
}


@pytest.fixture(scope="module")
def folder() -> Path:
    named = os.environ.get("FINLAKE_REAL_DATA")
    if not named or not (Path(named) / "cards").is_dir():
        pytest.skip("FINLAKE_REAL_DATA names no folder with cards/")
    return Path(named) / "cards"


@pytest.fixture(scope="module")
def invoices(folder: Path) -> pd.DataFrame:
    return _read(folder, "tb_faturas", ["data_emissao", "data_vencimento"])


@pytest.fixture(scope="module")
def payments(folder: Path) -> pd.DataFrame:
    return _read(folder, "tb_pagamentos", ["data_pagamento"])


def _read(folder: Path, entity: str, dates: list[str]) -> pd.DataFrame:
    files = sorted(folder.glob(f"{entity}_*.csv"))
    frame = pd.concat([pd.read_csv(file, dtype=str) for file in files], ignore_index=True)
    for column in dates:
        frame[column] = pd.to_datetime(frame[column])
    return frame


@pytest.fixture(scope="module")
def lake(
    local_aws: localaws.LocalAws,  # noqa: ARG001
    invoices: pd.DataFrame,
    payments: pd.DataFrame,
    tmp_path_factory: pytest.TempPathFactory,
) -> Lake:
    made = Lake("real_book", tmp_path_factory.mktemp("real_book"), "real-book").create()
    issued = dict(zip(invoices["id_fatura"], invoices["data_emissao"], strict=True))
    paid = list(_payments(payments, issued))
    put(made, Facts(list(_invoices(invoices)), paid, paid))
    made.dbt("run", "--select", *MODELS)
    return made


def _invoices(frame: pd.DataFrame) -> Iterator[Row]:
    for row in frame.itertuples(index=False):
        yield {
            "id_fatura": row.id_fatura,
            "id_cliente": row.id_cliente,
            "dt_emissao": row.data_emissao.date(),
            "dt_vencimento": row.data_vencimento.date(),
            "vl_fatura": Decimal(row.valor_fatura),
            "vl_pagamento_minimo": Decimal(row.valor_pagamento_minimo),
            "nr_versao": 1,
            "ds_situacao": "current",
            "ts_recebimento": LANDED,
            "nr_carga": 1,
        }


def _payments(frame: pd.DataFrame, issued: dict[str, pd.Timestamp]) -> Iterator[Row]:
    for row in frame.itertuples(index=False):
        yield {
            "id_pagamento": row.id_pagamento,
            "id_fatura": row.id_fatura,
            "id_cliente": row.id_cliente,
            "dt_pagamento": row.data_pagamento.date(),
            "vl_pagamento": Decimal(row.valor_pagamento),
            "dt_emissao": issued[row.id_fatura].date(),
            "nr_versao": 1,
            "ds_situacao": "current",
            "ts_recebimento": LANDED,
            "nr_carga": 1,
        }


def test_the_sums_of_each_month(lake: Lake) -> None:
    rows = lake.rows(
        "select safra, qt_faturas, vl_faturado, qt_pagamentos, vl_recebido"
        " from {lake}_refined.cards_portfolio_monthly order by safra"
    )
    assert rows == [
        (safra, invoices, Decimal(invoiced), payments, Decimal(received))
        for safra, (invoices, invoiced, payments, received) in SUMS.items()
    ]


@pytest.mark.parametrize("months", [1, 3, 6, 9, 12])
def test_the_portfolio_is_what_pandas_makes_of_the_files(
    lake: Lake, invoices: pd.DataFrame, payments: pd.DataFrame, months: int
) -> None:
    (row,) = lake.rows(
        "select total_faturas, valor_total_faturas, total_pagamentos, valor_total_pagamentos, total_atrasos,"
        " max_dias_atraso, valor_inadimplente, total_clientes, percentual_inadimplencia,"
        " percentual_pagamento_prazo, percentual_valor_pago, media_dias_atraso, valor_medio_faturas,"
        " valor_medio_pagamentos, percentual_atrasos, media_fatura_por_cliente, media_pagamento_por_cliente"
        f" from {{lake}}_refined.cards_portfolio_book where safra = {SAFRA} and ds_janela = 'U{months}M'"
    )
    exact, rounded = _by_pandas(invoices, payments, months)
    assert row[:8] == exact
    assert [float(value) for value in row[8:]] == pytest.approx(rounded, abs=0.006, rel=1e-7)
    assert [float(value) for value in row[8:12]] == pytest.approx(rounded[:4], abs=1e-7)


def _by_pandas(
    invoices: pd.DataFrame, payments: pd.DataFrame, months: int
) -> tuple[tuple[object, ...], list[float]]:
    """Counts and sums (in cents, exactly), and the means and ratios of them."""
    first = (REFERENCE + pd.offsets.MonthBegin(0) - pd.DateOffset(months=months)).replace(day=1)
    known = payments[payments["data_pagamento"] <= REFERENCE].assign(
        cents=lambda frame: _cents(frame["valor_pagamento"])
    )
    paid = known.groupby("id_fatura").agg(
        paid=("cents", "sum"), times=("cents", "count"), first=("data_pagamento", "min")
    )
    issued = invoices["data_emissao"]
    frame = invoices[(issued >= first) & (issued <= REFERENCE)].merge(paid, on="id_fatura", how="left")
    frame["amount"] = _cents(frame["valor_fatura"])
    frame["minimum"] = _cents(frame["valor_pagamento_minimo"])
    frame[["paid", "times"]] = frame[["paid", "times"]].fillna(0).astype("int64")
    due = frame[frame["data_vencimento"] <= REFERENCE].copy()
    due["late"] = (due["first"].fillna(REFERENCE) - due["data_vencimento"]).dt.days.clip(lower=0)
    late = due[due["late"] > 0]
    short = due[due["paid"] < due["minimum"]]
    clients, count = frame["id_cliente"].nunique(), len(frame)
    amount, total = int(frame["amount"].sum()), int(frame["paid"].sum())
    times = int(frame["times"].sum())
    exact = (
        count,
        Decimal(amount).scaleb(-2),
        times,
        Decimal(total).scaleb(-2),
        len(late),
        int(late["late"].max()),
        Decimal(int((short["amount"] - short["paid"]).sum())).scaleb(-2),
        clients,
    )
    on_time = int((due["first"] <= due["data_vencimento"]).sum())
    ratios = [
        len(short) / len(due),
        on_time / len(due),
        total / amount,
        float(late["late"].mean()),
        amount / count / 100,
        total / times / 100,
        len(late) / len(due),
        amount / clients / 100,
        total / clients / 100,
    ]
    return exact, ratios


def _cents(text: "pd.Series[str]") -> "pd.Series[int]":
    return text.map(lambda value: int(Decimal(value) * 100)).astype("int64")


def test_the_first_invoices_of_the_first_customer(lake: Lake) -> None:
    rows = lake.rows(
        "select safra, vl_fatura_total_u1m, vl_pago_total_u1m, vl_pago_total_u3m, qt_dias_atraso_max_u3m,"
        " qt_sem_pagamento_u3m, qt_dpd_max_u3m from {lake}_refined.cards_invoice_book"
        " where id_cliente = '1' and safra <= 202303 order by safra"
    )
    # paid on 27 January, 17 days late; on 5 March, 23 days late; never
    assert rows == [
        (202301, Decimal("24597.21"), Decimal("8944.39"), Decimal("8944.39"), 17, 0, 17),
        (202302, Decimal("48891.09"), Decimal("0.00"), Decimal("8944.39"), 18, 1, 18),
        (202303, Decimal("36954.04"), Decimal("0.00"), Decimal("25833.30"), 23, 1, 23),
    ]


def test_a_payment_of_march_is_not_known_in_february(lake: Lake, payments: pd.DataFrame) -> None:
    known = payments[payments["data_pagamento"] <= pd.Timestamp(date(2023, 2, 28))]
    ((total,),) = lake.rows(
        "select sum(vl_pago_total_u12m) from {lake}_refined.cards_invoice_book where safra = 202302"
    )
    assert total == sum(Decimal(value) for value in known["valor_pagamento"])
