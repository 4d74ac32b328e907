# ruff: noqa: S608 (statements are made from numbers and dates of this module)
"""Invoices and payments of an invented portfolio, made by the engine: any size, the same rows every time."""

from uuid import uuid4

SCHEMA = "cards_book_bench_curated"
ICEBERG = "table_type = 'iceberg', is_external = false, format = 'parquet'"


def tables(customers: int, first: str, months: int) -> list[str]:
    """Statements that make the curated tables: an invoice a customer and month, 7 payments to 10 invoices."""
    by_month = ", partitioning = array['month(dt_emissao)']"
    return [
        _create("cards_invoices", _invoices(customers, first, months), by_month),
        _create("cards_payments", _payments(), by_month),
        _create("cards_payment_versions", _versions(), ", partitioning = array['month(dt_pagamento)']"),
        _create("cards_corrections", _no_corrections()),
        _create("cards_fact_months", _months(first, months)),
    ]


def only_month(month: str) -> list[str]:
    """Statements after which this month alone is to be written."""
    return [f"drop table `{SCHEMA}`.`cards_fact_months`", _create("cards_fact_months", _months(month, 1))]


def _create(table: str, select: str, partitioning: str = "") -> str:
    # a location of its own each time: what a table of that name held before is nobody's
    location = f"s3://{{bucket}}/lake/{table}-{uuid4()}/"
    return (
        f"create table {SCHEMA}.{table} with ({ICEBERG}, location = '{location}'{partitioning}) as {select}"
    )


def _invoices(customers: int, first: str, months: int) -> str:
    # two sequences, since one of a million entries is more than the engine makes
    return f"""
        select
            cast(c.n as varchar) || '-' || date_format(m.dt, '%Y%m') as id_fatura,
            cast(c.n as varchar) as id_cliente,
            m.dt as dt_emissao,
            date_add('day', 9 + c.n % 5, m.dt) as dt_vencimento,
            cast((c.n * 7919 + month(m.dt) * 104729) % 500000 / decimal '100.00' + 50 as decimal(18, 2))
                as vl_fatura,
            cast(((c.n * 7919 + month(m.dt) * 104729) % 500000 / decimal '100.00' + 50) * decimal '0.30'
                as decimal(18, 2)) as vl_pagamento_minimo,
            1 as nr_versao,
            timestamp '2024-01-01 00:00:00.000000' as ts_recebimento,
            cast(1 as bigint) as nr_carga
        from unnest(sequence(0, {max(customers // 1000, 1) - 1})) as thousands (t)
        cross join unnest(sequence(1, {min(customers, 1000)})) as units (u)
        cross join lateral (select thousands.t * 1000 + units.u) as c (n)
        cross join unnest(sequence(date '{first}', date_add('month', {months - 1}, date '{first}'),
            interval '1' month)) as m (dt)
    """


def _payments() -> str:
    return f"""
        select
            'PG-' || id_fatura as id_pagamento,
            id_fatura,
            id_cliente,
            date_add(
                'day', (cast(id_cliente as bigint) * 31 + month(dt_emissao) * 17) % 60 - 10, dt_vencimento
            )
                as dt_pagamento,
            cast(vl_fatura * (1 + (cast(id_cliente as bigint) + month(dt_emissao)) % 4) / 4 as decimal(18, 2))
                as vl_pagamento,
            dt_emissao,
            nr_versao,
            ts_recebimento,
            nr_carga
        from {SCHEMA}.cards_invoices as invoices
        where (cast(id_cliente as bigint) * 13 + month(dt_emissao) * 7) % 10 < 7
    """


def _versions() -> str:
    return f"select *, 'current' as ds_situacao from {SCHEMA}.cards_payments"


def _no_corrections() -> str:
    return f"""
        select
            'tb_faturas' as ds_entidade, id_fatura as id_registro, nr_versao, id_cliente, dt_emissao,
            dt_emissao as dt_registro, dt_emissao as dt_mes, ts_recebimento as ts_correcao
        from {SCHEMA}.cards_invoices
        where false
    """


def _months(first: str, months: int) -> str:
    return (
        f"select cast(year(dt) * 100 + month(dt) as integer) as safra, cast(1 as bigint) as nr_carga"
        f" from unnest(sequence(date '{first}', date_add('month', {months - 1}, date '{first}'),"
        " interval '1' month)) as m (dt)"
    )
