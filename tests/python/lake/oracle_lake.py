"""Facts of generated customers, put where the curated tables are: the book is built from them alone."""

import io
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_cards import LANDED, Customer, Invoice, Payment, month_number

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

    def up_to(self, month: int) -> "Facts":
        """Those of files up to this month (months since year 0); a payment without its invoice waits."""
        invoices = [row for row in self.invoices if month_number(row["dt_emissao"]) <= month]
        known = {row["id_fatura"] for row in invoices}
        payments = [
            row
            for row in self.payments
            if month_number(row["dt_pagamento"]) <= month and row["id_fatura"] in known
        ]
        return Facts(invoices, payments)

    def touched(self) -> list[Row]:
        """The rows of `cards_fact_months`."""
        loads: dict[int, int] = defaultdict(int)
        days = [(row["dt_emissao"], row["nr_carga"]) for row in self.invoices]
        days += [(row["dt_pagamento"], row["nr_carga"]) for row in self.payments]
        for day, load in days:
            loads[day.year * 100 + day.month] = max(loads[day.year * 100 + day.month], load)
        return [{"safra": safra, "nr_carga": load} for safra, load in sorted(loads.items())]


def facts(customers: Iterable[Customer], load: int = 1) -> Facts:
    """The facts of these customers, all of one load."""
    invoices, payments = [], []
    for customer in customers:
        for invoice in customer.invoices:
            invoices.append(_invoice(customer, invoice, load))
            payments += [
                _payment(customer, invoice, payment, number, load)
                for number, payment in enumerate(invoice.payments)
            ]
    return Facts(invoices, payments)


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


def _payment(customer: Customer, invoice: Invoice, payment: Payment, number: int, load: int) -> Row:
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
