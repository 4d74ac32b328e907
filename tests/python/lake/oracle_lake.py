"""Facts of generated customers, put where the curated tables are: the book is built from them alone."""

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_cards import LANDED, Customer, Invoice, month_number

MONEY = pa.decimal128(18, 2)
SCHEMAS = {
    "cards_invoices": pa.schema(
        {
            "id_fatura": pa.string(),
            "id_cliente": pa.string(),
            "dt_emissao": pa.date32(),
            "dt_vencimento": pa.date32(),
            "vl_fatura": MONEY,
            "vl_pagamento_minimo": MONEY,
            "nr_versao": pa.int32(),
            "ts_recebimento": pa.timestamp("ms"),
            "nr_carga": pa.int64(),
        }
    ),
    "cards_payments": pa.schema(
        {
            "id_pagamento": pa.string(),
            "id_fatura": pa.string(),
            "id_cliente": pa.string(),
            "dt_pagamento": pa.date32(),
            "vl_pagamento": MONEY,
            "dt_emissao": pa.date32(),
            "nr_versao": pa.int32(),
            "ts_recebimento": pa.timestamp("ms"),
            "nr_carga": pa.int64(),
        }
    ),
    "cards_fact_months": pa.schema({"safra": pa.int32(), "nr_carga": pa.int64()}),
}
HIVE = {
    pa.string(): "string",
    pa.date32(): "date",
    MONEY: "decimal(18,2)",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.timestamp("ms"): "timestamp",
}
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facts:
    """Rows of the curated tables."""

    invoices: list[Row]
    payments: list[Row]

    def up_to(self, load: int) -> "Facts":
        """Those of the loads up to this one."""
        return Facts(
            [row for row in self.invoices if row["nr_carga"] <= load],
            [row for row in self.payments if row["nr_carga"] <= load],
        )

    def touched(self) -> list[Row]:
        """The rows of `cards_fact_months`."""
        loads: dict[int, int] = defaultdict(int)
        days = [(row["dt_emissao"], row["nr_carga"]) for row in self.invoices]
        days += [(row["dt_pagamento"], row["nr_carga"]) for row in self.payments]
        for day, load in days:
            loads[day.year * 100 + day.month] = max(loads[day.year * 100 + day.month], load)
        return [{"safra": safra, "nr_carga": load} for safra, load in sorted(loads.items())]


def facts(customers: Iterable[Customer], ends: Sequence[int] = ()) -> Facts:
    """The facts of these customers; each load brings the months up to its end, one more load the rest.

    A payment whose invoice is not there yet waits for it, and comes with its load.
    """
    invoices, payments = [], []
    for customer in customers:
        for invoice in customer.invoices:
            issued = _load(month_number(invoice.issued), ends)
            invoices.append(_invoice(customer, invoice, issued))
            payments += [
                _payment(customer, invoice, number, max(issued, _load(month_number(payment.day), ends)))
                for number, payment in enumerate(invoice.payments)
            ]
    return Facts(invoices, payments)


def _load(month: int, ends: Sequence[int]) -> int:
    return 1 + sum(month > end for end in ends)


def corrected(before: Facts, load: int) -> Facts:
    """As `before`, and what was corrected (a version above 1) as it is now, come with this load."""

    def now(row: Row) -> Row:
        return row | {"nr_carga": load, "ts_recebimento": _landed(load)} if row["nr_versao"] > 1 else row

    return Facts([now(row) for row in before.invoices], [now(row) for row in before.payments])


def uncorrected(after: Facts) -> Facts:
    """As `after`, and what was corrected as it first came: another amount, version 1."""

    def first(row: Row, amount: str) -> Row:
        return row | {"nr_versao": 1, amount: row[amount] + 7} if row["nr_versao"] > 1 else row

    return Facts(
        [first(row, "vl_fatura") for row in after.invoices],
        [first(row, "vl_pagamento") for row in after.payments],
    )


def _landed(load: int) -> datetime:
    return LANDED + timedelta(days=load)


def _invoice(customer: Customer, invoice: Invoice, load: int) -> Row:
    return {
        "id_fatura": invoice.identifier,
        "id_cliente": customer.identifier,
        "dt_emissao": invoice.issued,
        "dt_vencimento": invoice.due,
        "vl_fatura": invoice.amount,
        "vl_pagamento_minimo": invoice.minimum,
        "nr_versao": invoice.version,
        "ts_recebimento": _landed(load),
        "nr_carga": load,
    }


def _payment(customer: Customer, invoice: Invoice, number: int, load: int) -> Row:
    payment = invoice.payments[number]
    return {
        "id_pagamento": f"PG-{invoice.identifier}-{number}",
        "id_fatura": invoice.identifier,
        "id_cliente": customer.identifier,
        "dt_pagamento": payment.day,
        "vl_pagamento": payment.amount,
        "dt_emissao": invoice.issued,
        "nr_versao": payment.version,
        "ts_recebimento": _landed(load),
        "nr_carga": load,
    }


def put(lake: Lake, given: Facts) -> None:
    """Make these facts the curated tables of the lake, instead of those that were there."""
    client = boto3.client("s3")
    lake.rows("create database if not exists `{lake}_curated`")
    tables = {
        "cards_invoices": given.invoices,
        "cards_payments": given.payments,
        "cards_fact_months": given.touched(),
    }
    for name, rows in tables.items():
        schema = SCHEMAS[name]
        buffer = io.BytesIO()
        pq.write_table(pa.Table.from_pylist(rows, schema=schema), buffer)
        client.put_object(Bucket=lake.bucket, Key=f"facts/{name}/rows.parquet", Body=buffer.getvalue())
        columns = ", ".join(f"`{field.name}` {HIVE[field.type]}" for field in schema)
        lake.rows(
            f"create external table if not exists `{{lake}}_curated`.`{name}` ({columns}) stored as parquet"
            f" location 's3://{lake.bucket}/facts/{name}/'"
        )


def money(value: str) -> Decimal:
    return Decimal(value).quantize(Decimal("0.01"))
