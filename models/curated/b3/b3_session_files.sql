{{
    config(
        materialized='incremental',
        incremental_strategy='append',
    )
}}

{%- set new = new_files('b3', ['cotahist']) %}

with

files as (
    {{ new.query }}
),

quotes as (
    select *
    from {{ ref('stg_b3__quotes') }}
    where {{ new.is_of_them }}
),

load as (
    {{ new_load() }}
),

sessions as (
    select
        id_arquivo,
        dt_ref,
        count(*) as qt_linhas,
        count_if(cd_mercado = '010' and not fl_indice) as qt_vista,
        coalesce(sum(case when cd_mercado = '010' and fl_indice then null else vl_volume end), 0) as vl_volume
    from quotes
    where ds_motivo_recusa is null
    group by id_arquivo, dt_ref
),

lines as (
    select
        id_arquivo,
        count_if(ds_motivo_recusa is not null) as qt_recusadas
    from quotes
    group by id_arquivo
),

session_rows as (
    select
        files.id_arquivo,
        files.ts_recebimento,
        sessions.dt_ref,
        sessions.qt_linhas,
        sessions.qt_vista,
        sessions.vl_volume
    from sessions
    inner join files
        on sessions.id_arquivo = files.id_arquivo
),

-- there for every file that was read, so that one without a single valid line counts as read too; where this statement
-- reads the control table itself, a file that was landed meanwhile is not: its lines are the next run's to read
refusal_rows as (
    select
        files.id_arquivo,
        files.ts_recebimento,
        cast(null as date) as dt_ref,
        coalesce(lines.qt_recusadas, 0) as qt_linhas,
        0 as qt_vista,
        cast(0 as decimal(18, 2)) as vl_volume
    from files
    left join lines
        on files.id_arquivo = lines.id_arquivo
    where
        lines.id_arquivo is not null
        or files.qt_linhas = 0
),

all_rows as (
    select * from session_rows
    union all
    select * from refusal_rows
),

final as (
    select
        all_rows.id_arquivo,
        all_rows.dt_ref,
        cast(all_rows.ts_recebimento as timestamp(6)) as ts_recebimento,
        all_rows.qt_linhas,
        cast(all_rows.qt_vista as bigint) as qt_vista,
        cast(all_rows.vl_volume as decimal(24, 2)) as vl_volume,
        cast(load.nr_carga as bigint) as nr_carga
    from all_rows
    cross join load
)

select * from final
