{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key='dt_ref',
        partitioned_by=['year(dt_ref)'],
    )
}}

{%- set loads = ref('b3_indicator_loads') %}
{%- set stale_sessions = b3_stale_sessions(held_by=ref('b3_daily_windows')) %}

with

sessions as (
    {{ stale_sessions }}
),

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
    where {{ b3_is_stale(stale_sessions) }}
),

-- of the sessions, and of those before them that windows reach back to
prices as (
    select
        dt_ref,
        ticker,
        ds_classe,
        vl_fechamento,
        pc_fator_provento
    from {{ ref('b3_daily_windows') }}
    where {{ one_of('dt_ref', b3_window_sessions(stale_sessions), data_type='date', reads=[loads]) }}
),

index_daily as (
    select * from {{ ref('b3_index_daily') }}
    where cd_indice = 'IBOV'
),

-- closes in units that no corporate action changes, as logarithms: within a paper, the highest of them is the highest
-- adjusted close, to ten digits
levels as (
    select
        dt_ref,
        ticker,
        ds_classe,
        cast(
            cast(ln(cast(nullif(vl_fechamento, 0) as double)) as decimal(18, 12))
            - sum(cast(ln(cast(pc_fator_provento as double)) as decimal(18, 12))) over (
                partition by ticker, ds_classe order by dt_ref
            ) as decimal(18, 10)
        ) as nr_preco
    from prices
),

extremes as (
    select
        dt_ref,
        ticker,
        nr_preco = {{ full_window('max(nr_preco)', 252) }} as fl_maxima_252,
        nr_preco = {{ full_window('min(nr_preco)', 252) }} as fl_minima_252
    from levels
),

final as (
    select
        daily_windows.dt_ref,
        count(*) as qt_instrumentos,
        count_if(daily_windows.pc_retorno_ajustado_1 > 0) as qt_altas,
        count_if(daily_windows.pc_retorno_ajustado_1 < 0) as qt_baixas,
        count_if(daily_windows.pc_retorno_ajustado_1 = 0) as qt_estaveis,
        count_if(extremes.fl_maxima_252) as qt_maximas_252,
        count_if(extremes.fl_minima_252) as qt_minimas_252,
        cast(sum(daily_windows.vl_volume) as decimal(24, 2)) as vl_volume,
        sum(daily_windows.qt_titulos) as qt_titulos,
        sum(daily_windows.qt_negocios) as qt_negocios,
        max(daily_windows.vl_ibov) as vl_ibov,
        max(index_daily.pc_retorno_1) as pc_ibov_1,
        max(sessions.nr_carga) as nr_carga
    from daily_windows
    inner join sessions
        on daily_windows.dt_ref = sessions.dt_ref
    inner join extremes
        on
            daily_windows.dt_ref = extremes.dt_ref
            and daily_windows.ticker = extremes.ticker
    left join index_daily
        on daily_windows.dt_ref = index_daily.dt_ref
    group by daily_windows.dt_ref
)

select * from final
