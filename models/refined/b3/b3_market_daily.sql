{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='dt_ref',
        partitioned_by=['year(dt_ref)'],
    )
}}

{%- set stale_sessions = b3_stale_sessions(held_by=ref('b3_daily_windows')) %}

with

sessions as (
    {{ stale_sessions }}
),

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
    where {{ b3_is_stale(stale_sessions) }}
),

index_daily as (
    select * from {{ ref('b3_index_daily') }}
    where cd_indice = 'IBOV'
),

final as (
    select
        daily_windows.dt_ref,
        count(*) as qt_instrumentos,
        count_if(daily_windows.pc_retorno_ajustado_1 > 0) as qt_altas,
        count_if(daily_windows.pc_retorno_ajustado_1 < 0) as qt_baixas,
        count_if(daily_windows.pc_retorno_ajustado_1 = 0) as qt_estaveis,
        if(count(daily_windows.fl_maxima_252) > 0, count_if(daily_windows.fl_maxima_252)) as qt_maximas_252,
        if(count(daily_windows.fl_minima_252) > 0, count_if(daily_windows.fl_minima_252)) as qt_minimas_252,
        cast(sum(daily_windows.vl_volume) as decimal(24, 2)) as vl_volume,
        sum(daily_windows.qt_titulos) as qt_titulos,
        sum(daily_windows.qt_negocios) as qt_negocios,
        max(daily_windows.vl_ibov) as vl_ibov,
        max(index_daily.pc_retorno_1) as pc_ibov_1,
        max(sessions.nr_carga) as nr_carga
    from daily_windows
    inner join sessions
        on daily_windows.dt_ref = sessions.dt_ref
    left join index_daily
        on daily_windows.dt_ref = index_daily.dt_ref
    group by daily_windows.dt_ref
)

select * from final
