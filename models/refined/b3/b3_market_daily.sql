{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='dt_ref',
        partitioned_by=['year(dt_ref)'],
    )
}}

{%- set windows = ref('b3_daily_windows') %}
{%- set stale_sessions = b3_stale_sessions(held_by=windows) %}

with

sessions as (
    {{ stale_sessions }}
),

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
    where {{ one_of(
        'dt_ref', 'select dt_ref from (' ~ stale_sessions ~ ')', data_type='date', reads=[ref('b3_indicator_loads')]
    ) }}
),

index_levels as (
    select * from {{ ref('b3_index_levels') }}
    where cd_indice = 'IBOV'
),

-- against the index's own session before, whether the lake has its quotes or not
index_returns as (
    select
        dt_ref,
        {{ change('vl_nivel', 'lag(vl_nivel) over (order by dt_ref)') }} as pc_ibov_1
    from index_levels
),

final as (
    select
        daily_windows.dt_ref,
        count(*) as qt_instrumentos,
        count_if(daily_windows.pc_retorno_ajustado_1 > 0) as qt_altas,
        count_if(daily_windows.pc_retorno_ajustado_1 < 0) as qt_baixas,
        count_if(daily_windows.pc_retorno_ajustado_1 = 0) as qt_estaveis,
        count_if(daily_windows.vl_fechamento = daily_windows.vl_maxima_252) as qt_maximas_252,
        count_if(daily_windows.vl_fechamento = daily_windows.vl_minima_252) as qt_minimas_252,
        cast(sum(daily_windows.vl_volume) as decimal(24, 2)) as vl_volume,
        sum(daily_windows.qt_titulos) as qt_titulos,
        sum(daily_windows.qt_negocios) as qt_negocios,
        max(daily_windows.vl_ibov) as vl_ibov,
        max(index_returns.pc_ibov_1) as pc_ibov_1,
        max(sessions.nr_carga) as nr_carga
    from daily_windows
    inner join sessions
        on daily_windows.dt_ref = sessions.dt_ref
    left join index_returns
        on daily_windows.dt_ref = index_returns.dt_ref
    group by daily_windows.dt_ref
)

select * from final
