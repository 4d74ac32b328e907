{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_mes', 'ticker'],
        partitioned_by=['year(dt_mes)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set loads = ref('b3_indicator_loads') %}
{%- set stale_months = b3_stale_months(loads, held_by=ref('b3_daily_windows')) %}
{%- set stale_sessions -%}
    select loads.dt_ref
    from {{ loads }} as loads
    inner join ({{ stale_months }}) as months
        on cast(date_trunc('month', loads.dt_ref) as date) = months.dt_mes
{%- endset %}

with

months as (
    {{ stale_months }}
),

daily_windows as (
    select
        *,
        cast(date_trunc('month', dt_ref) as date) as dt_mes
    from {{ ref('b3_daily_windows') }}
    where {{ one_of('dt_ref', stale_sessions, data_type='date', reads=[loads]) }}
),

totals as (
    select
        daily_windows.dt_mes,
        daily_windows.ticker,
        max_by(daily_windows.ds_nome, daily_windows.dt_ref) as ds_nome,
        max_by(daily_windows.cd_isin, daily_windows.dt_ref) as cd_isin,
        count(*) as qt_sessoes,
        min(daily_windows.dt_ref) as dt_primeira_sessao,
        max(daily_windows.dt_ref) as dt_ultima_sessao,
        min_by(daily_windows.vl_abertura, daily_windows.dt_ref) as vl_abertura,
        max(daily_windows.vl_maximo) as vl_maximo,
        min(daily_windows.vl_minimo) as vl_minimo,
        avg(daily_windows.vl_fechamento) as vl_fechamento_medio,
        min_by(daily_windows.vl_fechamento, daily_windows.dt_ref) as vl_fechamento_primeiro,
        max_by(daily_windows.vl_fechamento, daily_windows.dt_ref) as vl_fechamento,
        min_by(daily_windows.pc_retorno_1, daily_windows.dt_ref) as pc_retorno_primeiro,
        min_by(daily_windows.pc_retorno_ajustado_1, daily_windows.dt_ref) as pc_retorno_ajustado_primeiro,
        min_by(daily_windows.pc_fator_provento, daily_windows.dt_ref) as pc_fator_primeiro,
        {{ product_of(
            'array_agg(cast(daily_windows.pc_fator_provento as double) order by daily_windows.dt_ref)'
        ) }} as pc_fator,
        max(daily_windows.pc_retorno_ajustado_1) as pc_retorno_maior,
        min(daily_windows.pc_retorno_ajustado_1) as pc_retorno_menor,
        sum(daily_windows.vl_volume) as vl_volume,
        sum(daily_windows.qt_titulos) as qt_titulos,
        sum(daily_windows.qt_negocios) as qt_negocios,
        max(months.nr_carga) as nr_carga
    from daily_windows
    inner join months
        on daily_windows.dt_mes = months.dt_mes
    group by
        daily_windows.dt_mes,
        daily_windows.ticker
),

-- the month's first return reaches back to the last session before it; the rest is from close to close
latest as (
    select
        *,
        cast(cast(vl_fechamento as double) / nullif(cast(vl_fechamento_primeiro as double), 0) as decimal(28, 12))
            as pc_desde_primeiro,
        cast(pc_fator / cast(pc_fator_primeiro as double) as decimal(28, 12)) as pc_fator_desde_primeiro
    from totals
),

former as (
    {{ former(
        ['dt_mes', 'ticker'],
        where='dt_mes in (select months.dt_mes from months) and '
        ~ one_of('dt_mes', 'select dt_mes from (' ~ stale_months ~ ')', data_type='date', reads=[loads]),
        like='latest'
    ) }}
),

final as (
    select
        coalesce(latest.dt_mes, former.dt_mes) as dt_mes,
        coalesce(latest.ticker, former.ticker) as ticker,
        latest.ds_nome,
        latest.cd_isin,
        latest.qt_sessoes,
        latest.dt_primeira_sessao,
        latest.dt_ultima_sessao,
        latest.vl_abertura,
        latest.vl_maximo,
        latest.vl_minimo,
        latest.vl_fechamento,
        latest.vl_fechamento_medio,
        cast(latest.pc_desde_primeiro * (1 + latest.pc_retorno_primeiro) - 1 as decimal(28, 8)) as pc_retorno,
        cast(
            cast(latest.pc_desde_primeiro / latest.pc_fator_desde_primeiro as decimal(28, 12))
            * (1 + latest.pc_retorno_ajustado_primeiro) - 1 as decimal(28, 8)
        ) as pc_retorno_ajustado,
        latest.pc_retorno_maior,
        latest.pc_retorno_menor,
        cast(latest.vl_volume as decimal(24, 2)) as vl_volume,
        cast(latest.vl_volume / latest.qt_sessoes as decimal(24, 2)) as vl_volume_medio,
        latest.qt_titulos,
        latest.qt_negocios,
        latest.nr_carga
    from latest
    -- what the former version of a month had and the latest has not: without a load number, deleted by the merge
    full outer join former
        on
            latest.dt_mes = former.dt_mes
            and latest.ticker = former.ticker
)

select * from final
