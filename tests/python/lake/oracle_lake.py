"""Facts of generated customers, put where the curated tables are: the book is built from them alone."""

import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import boto3
import pyarrow as pa
import pyarrow.parquet as pq

from tests.python.lake.lakes import Lake
from tests.python.lake.oracle_cards import LANDED, Customer, Invoice, Payment, month_number
from tests.python.lake.oracle_corrections import stood

MONEY = pa.decimal128(18, 2)
INVOICE = {
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
PAYMENT = {
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
VERSION = {"ds_situacao": pa.string(), "ts_substituicao": pa.timestamp("ms")}
SCHEMAS = {
    "cards_invoices": pa.schema(INVOICE),
    "cards_payments": pa.schema(PAYMENT),
    "cards_invoice_versions": pa.schema(INVOICE | VERSION),
    "cards_payment_versions": pa.schema(PAYMENT | VERSION),
    "cards_fact_months": pa.schema({"safra": pa.int32(), "nr_carga": pa.int64()}),
}
# A payment to an invoice that nobody knows.
WAITING_DAY, WAITING_AMOUNT = date(2023, 5, 5), Decimal("77.00")
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
    """Rows of the versions of invoices and of payments, and of the payments under their invoices."""

    invoices: list[Row]
    payments: list[Row]
    placed: list[Row]

    def up_to(self, load: int) -> "Facts":
        """Those of the loads up to this one."""
        return Facts(
            *(
                [row for row in rows if row["nr_carga"] <= load]
                for rows in (self.invoices, self.payments, self.placed)
            )
        )

    def touched(self) -> list[Row]:
        """The rows of `cards_fact_months`."""
        loads: dict[int, int] = defaultdict(int)
        days = [(row["dt_emissao"], row["nr_carga"]) for row in self.invoices]
        days += [(row["dt_pagamento"], row["nr_carga"]) for row in self.payments]
        days += [(max(row["dt_emissao"], row["dt_pagamento"]), row["nr_carga"]) for row in self.placed]
        for day, load in days:
            loads[day.year * 100 + day.month] = max(loads[day.year * 100 + day.month], load)
        return [{"safra": safra, "nr_carga": load} for safra, load in sorted(loads.items())]


def facts(customers: Iterable[Customer], ends: Sequence[int] = ()) -> Facts:
    """The facts of these customers; each load brings the months up to its end, one more load the rest.

    A payment whose invoice is not there yet waits for it, and counts with its load. What was corrected comes
    with the last load, and so does what it was.
    """
    made = Facts([], [_waiting()], [])
    for customer in customers:
        for invoice in customer.invoices:
            _add(made, customer, invoice, ends)
    return made


def _add(made: Facts, customer: Customer, invoice: Invoice, ends: Sequence[int]) -> None:
    def load(day: date, formers: Sequence[date]) -> int:
        return 1 + (len(ends) if formers else sum(month_number(day) > end for end in ends))

    came = load(invoice.issued, invoice.formers)
    made.invoices.extend(
        _versions(
            [_invoice(identifier, invoice, issued, came) for identifier, issued in stood(customer, invoice)],
            "vl_fatura",
        )
    )
    for number, payment in enumerate(invoice.payments):
        paid = load(payment.day, payment.formers)
        rows = [_payment(customer, invoice, number, day, paid) for day in (*payment.formers, payment.day)]
        made.payments.extend(_versions(rows, "vl_pagamento"))
        made.placed.append(made.payments[-1] | {"nr_carga": max(came, paid)})


def _versions(rows: list[Row], amount: str) -> list[Row]:
    """These as the versions of one record: every one but the last was of another amount."""
    last = len(rows) - 1
    return [
        row
        | {
            "nr_versao": place + 1,
            "ds_situacao": "current" if place == last else "superseded",
            "ts_substituicao": None if place == last else row["ts_recebimento"],
            amount: row[amount] + 7 * (last - place),
        }
        for place, row in enumerate(rows)
    ]


def first_known(customers: Iterable[Customer]) -> list[Customer]:
    """The customers as they were before anything was corrected."""
    invoices: dict[str, list[Invoice]] = defaultdict(list)
    for customer in customers:
        for invoice in customer.invoices:
            identifier, issued = stood(customer, invoice)[0]
            invoices[identifier].append(
                replace(
                    invoice,
                    issued=issued,
                    amount=invoice.amount + 7 * len(invoice.formers),
                    payments=tuple(map(_first, invoice.payments)),
                    formers=(),
                    former_customer=None,
                )
            )
    return [Customer(identifier, tuple(theirs)) for identifier, theirs in invoices.items()]


def _first(payment: Payment) -> Payment:
    days = (*payment.formers, payment.day)
    return Payment(days[0], payment.amount + 7 * len(payment.formers))


def _landed(load: int) -> datetime:
    return LANDED + timedelta(days=load)


def _invoice(identifier: str, invoice: Invoice, issued: date, load: int) -> Row:
    return {
        "id_fatura": invoice.identifier,
        "id_cliente": identifier,
        "dt_emissao": issued,
        "dt_vencimento": invoice.due,
        "vl_fatura": invoice.amount,
        "vl_pagamento_minimo": invoice.minimum,
        "ts_recebimento": _landed(load),
        "nr_carga": load,
    }


def _payment(customer: Customer, invoice: Invoice, number: int, day: date, load: int) -> Row:
    return {
        "id_pagamento": f"PG-{invoice.identifier}-{number}",
        "id_fatura": invoice.identifier,
        "id_cliente": customer.identifier,
        "dt_pagamento": day,
        "vl_pagamento": invoice.payments[number].amount,
        "dt_emissao": invoice.issued,
        "ts_recebimento": _landed(load),
        "nr_carga": load,
    }


def _waiting() -> Row:
    return {
        "id_pagamento": "PG-waiting",
        "id_fatura": "never-comes",
        "id_cliente": "nobody",
        "dt_pagamento": WAITING_DAY,
        "vl_pagamento": WAITING_AMOUNT,
        "dt_emissao": None,
        "nr_versao": 1,
        "ds_situacao": "current",
        "ts_recebimento": _landed(1),
        "ts_substituicao": None,
        "nr_carga": 1,
    }


def put(lake: Lake, given: Facts) -> None:
    """Make these facts the curated tables of the lake, instead of those that were there."""
    client = boto3.client("s3")
    lake.rows("create database if not exists `{lake}_curated`")
    tables = {
        "cards_invoices": [row for row in given.invoices if row["ds_situacao"] == "current"],
        "cards_payments": given.placed,
        "cards_invoice_versions": given.invoices,
        "cards_payment_versions": given.payments,
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
