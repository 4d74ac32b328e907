{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_referencia', 'id_cliente'],
        partitioned_by=['month(dt_referencia)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set stale_safras = cards_stale_safras(ref('cards_customer_months')) %}

with

invoices as (
    select * from {{ ref('cards_invoices') }}
    where {{ cards_within('dt_emissao', stale_safras) }}
),

payments as (
    select * from {{ ref('cards_payments') }}
    where {{ cards_within('dt_emissao', stale_safras) }}
),

cards_customer_months as (
    select * from {{ ref('cards_customer_months') }}
    where {{ cards_among('dt_referencia', stale_safras) }}
),

safras as (
    {{ cards_safras(stale_safras) }}
),

{{ cards_status_ctes() }},

windows as (
    select
        safra,
        id_cliente,
        {{ cards_aggregates() }}
    from invoice_status
    group by
        safra,
        id_cliente
),

latest as (
    select
        cards_customer_months.safra,
        cards_customer_months.dt_referencia,
        cards_customer_months.id_cliente,
        cards_customer_months.nr_carga,
        cards_customer_months.qt_correcoes,
        cards_customer_months.ts_fato_mais_recente,
        {{ cards_book_columns() }}
    from windows
    inner join cards_customer_months
        on
            windows.safra = cards_customer_months.safra
            and windows.id_cliente = cards_customer_months.id_cliente
),

former as (
    {{ former(
        ['dt_referencia', 'id_cliente'],
        where=cards_among('dt_referencia', stale_safras),
        like='latest'
    ) }}
),

final as (
    select
        latest.safra,
        coalesce(latest.dt_referencia, former.dt_referencia) as dt_referencia,
        coalesce(latest.id_cliente, former.id_cliente) as id_cliente,
        latest.nr_carga,
        latest.qt_correcoes,
        latest.ts_fato_mais_recente,
        {{ cards_book_names('latest') }}
    from latest
    full outer join former
        on
            latest.dt_referencia = former.dt_referencia
            and latest.id_cliente = former.id_cliente
)

select * from final
