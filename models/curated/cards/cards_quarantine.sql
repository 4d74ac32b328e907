{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_mes', 'id_arquivo', 'nr_linha'],
        partitioned_by=['month(dt_mes)'],
    )
}}

{%- set ledger = ref('cards_files') %}
{%- set last_load = own_load(ledger) if is_incremental() else 0 %}
{%- set faulty_files -%}
    select
        id_arquivo,
        ds_entidade,
        nr_carga
    from {{ ledger }}
    where
        qt_recusadas > 0
        and nr_carga > {{ last_load }}
{%- endset %}
{%- set is_faulty = one_of(
    'id_arquivo', 'select id_arquivo from (' ~ faulty_files ~ ')', reads=[ledger], at_first=true
) %}

with

files as (
    {{ faulty_files }}
),

invoices as (
    select * from {{ ref('stg_cards__invoices') }}
    where {{ is_faulty }}
),

payments as (
    select * from {{ ref('stg_cards__payments') }}
    where {{ is_faulty }}
),

refused as (
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        dt_mes,
        ds_motivo_recusa,
        cast(null as varchar) as id_pagamento,
        id_fatura,
        id_cliente,
        ds_linha,
        id_linha,
        ts_recebimento
    from invoices
    where ds_motivo_recusa is not null
    union all
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        dt_mes,
        ds_motivo_recusa,
        id_pagamento,
        id_fatura,
        id_cliente,
        ds_linha,
        id_linha,
        ts_recebimento
    from payments
    where ds_motivo_recusa is not null
),

final as (
    select
        refused.id_arquivo,
        refused.nr_linha,
        files.ds_entidade,
        refused.ds_arquivo,
        refused.dt_mes,
        refused.ds_motivo_recusa,
        refused.id_pagamento,
        refused.id_fatura,
        refused.id_cliente,
        refused.ds_linha,
        refused.id_linha,
        cast(refused.ts_recebimento as timestamp(6)) as ts_recebimento,
        files.nr_carga
    from refused
    inner join files
        on refused.id_arquivo = files.id_arquivo
)

select * from final
