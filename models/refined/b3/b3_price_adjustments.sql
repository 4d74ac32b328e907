{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_ref', 'ticker'],
        partitioned_by=['year(dt_ref)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set windows = ref('b3_daily_windows') %}
{%- set stale_sessions = b3_stale_sessions(held_by=windows) %}
{%- set is_stale = b3_is_stale(stale_sessions) %}

with

indicator_loads as (
    select * from {{ ref('b3_indicator_loads') }}
),

sessions as (
    {{ stale_sessions }}
),

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
    where
        {{ is_stale }}
        and ds_proventos is not null
),

-- what was known of corporate actions when a session was made for the first time
first_loads as (
    select
        dt_ref,
        min_by(nr_carga_proventos, nr_carga) as nr_carga_proventos
    from indicator_loads
    group by dt_ref
),

latest as (
    select
        daily_windows.*,
        daily_windows.nr_carga_proventos > first_loads.nr_carga_proventos as fl_conhecido_tarde,
        sessions.nr_carga as nr_carga_da_sessao
    from daily_windows
    inner join sessions
        on daily_windows.dt_ref = sessions.dt_ref
    inner join first_loads
        on daily_windows.dt_ref = first_loads.dt_ref
),

former as (
    {{ former(
        ['dt_ref', 'ticker'],
        where='dt_ref in (select sessions.dt_ref from sessions) and ' ~ is_stale,
        like='latest'
    ) }}
),

final as (
    select
        coalesce(latest.dt_ref, former.dt_ref) as dt_ref,
        coalesce(latest.ticker, former.ticker) as ticker,
        latest.ds_classe,
        latest.ds_proventos,
        latest.pc_fator_provento,
        latest.fl_provento_sem_ajuste,
        latest.ts_proventos,
        latest.fl_conhecido_tarde,
        latest.nr_carga_da_sessao as nr_carga
    from latest
    -- what the former version of a session had and the latest has not: without a load number, deleted by the merge
    full outer join former
        on
            latest.dt_ref = former.dt_ref
            and latest.ticker = former.ticker
)

select * from final
