"""The curated cards over the real-format files of a public training set, against the sums of its table."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

import localaws
from tests.python.lake.lakes import Lake

pytestmark = [pytest.mark.integration, pytest.mark.real, pytest.mark.slow]

# month: sum of the invoices (10,000 of them in each), payments, sum of the payments
MONTHS = {
    202301: ("349639213.45", 5780, "99110134.66"),
    202302: ("348192399.96", 6562, "115444540.81"),
    202303: ("349947136.49", 7251, "125977170.38"),
    202304: ("349499697.11", 6844, "120625730.59"),
    202305: ("350792811.82", 6993, "122738552.44"),
    202306: ("348060000.22", 6924, "119543356.52"),
    202307: ("352543075.32", 7150, "127584806.60"),
    202308: ("352348142.87", 7094, "127117722.73"),
    202309: ("348283331.41", 6782, "115966667.43"),
    202310: ("346784016.06", 7238, "126506625.86"),
    202311: ("353545546.08", 6915, "123731307.72"),
}


@pytest.fixture(scope="module")
def lake(local_aws: localaws.LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Lake:  # noqa: ARG001
    """The files of eleven months, landed and built."""
    folder = os.environ.get("FINLAKE_REAL_DATA")
    if not folder:
        pytest.skip("FINLAKE_REAL_DATA names no folder with real files (cards/tb_*.csv)")
    real = Lake("cards_real", tmp_path_factory.mktemp("cards_real"), "cards-real").create()
    real.land(sorted(Path(folder, "cards").glob("tb_*.csv")), entity=("cards",))
    real.dbt("run", "--select", "+cards_payments", "+cards_payments_pending", "+cards_quarantine")
    return real


def test_rows_and_sums_of_every_month(lake: Lake) -> None:
    invoices = lake.rows(
        "select year(dt_emissao) * 100 + month(dt_emissao), count(*), sum(vl_fatura)"
        " from {lake}_curated.cards_invoices group by 1"
    )
    assert {month: (rows, str(money)) for month, rows, money in invoices} == {
        month: (10_000, money) for month, (money, _, _) in MONTHS.items()
    }
    payments = lake.rows(
        "select year(dt_pagamento) * 100 + month(dt_pagamento), count(*), sum(vl_pagamento)"
        " from {lake}_curated.cards_payments group by 1"
    )
    assert {month: (rows, str(money)) for month, rows, money in payments} == {
        month: (rows, money) for month, (_, rows, money) in MONTHS.items()
    }


def test_nothing_is_refused_nothing_waits_nothing_was_corrected(lake: Lake) -> None:
    counts = lake.rows(
        "select (select count(*) from {lake}_curated.cards_quarantine),"
        " (select count(*) from {lake}_curated.cards_payments_pending),"
        " (select count(*) from {lake}_curated.cards_invoice_versions where ds_situacao != 'current'),"
        " (select count(*) from {lake}_curated.cards_payment_versions where ds_situacao != 'current')"
    )
    assert counts == [(0, 0, 0, 0)]


def test_the_first_invoices_of_customer_1(lake: Lake) -> None:
    rows = lake.rows(
        "select invoices.dt_vencimento, vl_fatura, vl_pagamento_minimo, dt_pagamento, vl_pagamento"
        " from {lake}_curated.cards_invoices as invoices"
        " left join {lake}_curated.cards_payments as payments on payments.id_fatura = invoices.id_fatura"
        " where invoices.id_cliente = '1' and invoices.dt_vencimento < date '2023-04-01' order by 1"
    )
    paid = {row[0]: row[1:] for row in rows}
    january = Decimal("24597.21"), Decimal("7379.16"), date(2023, 1, 27), Decimal("8944.39")
    assert paid[date(2023, 1, 10)] == january
    assert paid[date(2023, 2, 10)][0] == Decimal("48891.09")
    assert paid[date(2023, 2, 10)][2:] == (date(2023, 3, 5), Decimal("16888.91"))
    assert paid[date(2023, 3, 10)][0] == Decimal("36954.04")
    assert paid[date(2023, 3, 10)][2:] == (None, None)
