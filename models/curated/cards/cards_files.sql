{{
    config(
        materialized='incremental',
        incremental_strategy='append',
    )
}}

{%- set new = new_files('cards') %}

with

files as (
    {{ new.query }}
),

invoices as (
    select * from {{ ref('stg_cards__invoices') }}
    where {{ new.is_of_them }}
),

payments as (
    select * from {{ ref('stg_cards__payments') }}
    where {{ new.is_of_them }}
),

load as (
    {{ new_load() }}
),

all_lines as (
    select
        id_arquivo,
        dt_mes,
        vl_fatura as vl_linha,
        ds_motivo_recusa
    from invoices
    union all
    select
        id_arquivo,
        dt_mes,
        vl_pagamento as vl_linha,
        ds_motivo_recusa
    from payments
),

counted as (
    select
        id_arquivo,
        max(dt_mes) as dt_mes,
        count_if(ds_motivo_recusa is null) as qt_validas,
        count_if(ds_motivo_recusa is not null) as qt_recusadas,
        coalesce(sum(case when ds_motivo_recusa is null then vl_linha end), 0) as vl_total
    from all_lines
    group by id_arquivo
),

-- where this statement reads the control table itself, a file that was landed meanwhile has no lines here: it is the
-- next run's to read
final as (
    select
        files.id_arquivo,
        files.ds_entidade,
        files.ds_arquivo,
        counted.dt_mes,
        cast(files.ts_recebimento as timestamp(6)) as ts_recebimento,
        files.qt_linhas,
        counted.qt_validas,
        counted.qt_recusadas,
        cast(counted.vl_total as decimal(24, 2)) as vl_total,
        cast(load.nr_carga as bigint) as nr_carga
    from files
    inner join counted
        on files.id_arquivo = counted.id_arquivo
    cross join load
)

select * from final
