{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='safra',
    )
}}

{%- set ledger = ref('cards_files') %}
{%- set last_load = own_load(ledger) if is_incremental() else 0 %}

with

invoice_versions as (
    select * from {{ ref('cards_invoice_versions') }}
    where nr_carga > {{ last_load }}
),

payment_versions as (
    select * from {{ ref('cards_payment_versions') }}
    where nr_carga > {{ last_load }}
),

payments as (
    select * from {{ ref('cards_payments') }}
    where nr_carga > {{ last_load }}
),

facts as (
    select
        dt_emissao as dt_fato,
        nr_carga
    from invoice_versions
    where ds_situacao != 'duplicate'
    union all
    -- what ceases to wait is seen from the month of its invoice on, and not before
    select
        greatest(dt_emissao, dt_pagamento) as dt_fato,
        nr_carga
    from payments
    union all
    select
        dt_pagamento as dt_fato,
        nr_carga
    from payment_versions
    where ds_situacao != 'duplicate'
),

final as (
    select
        cast(year(dt_fato) * 100 + month(dt_fato) as integer) as safra,
        max(nr_carga) as nr_carga
    from facts
    group by year(dt_fato) * 100 + month(dt_fato)
)

select * from final
