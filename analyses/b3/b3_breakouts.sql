with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

-- of adjusted closes: those before a split or a dividend are in other units
two_years as (
    select
        dt_ref,
        ticker,
        ds_nome,
        ds_tipo,
        vl_fechamento,
        vl_fechamento_ajustado,
        vl_volume,
        fl_maxima_252,
        max(dt_ref) over () as dt_ultima,
        min(vl_fechamento_ajustado) over (
            partition by ticker, ds_classe order by dt_ref rows between 251 preceding and current row
        ) as vl_minima
    from refined
    where dt_ref >= (select date_add('year', -2, max(latest.dt_ref)) from refined as latest)
)

select
    ticker,
    ds_nome,
    ds_tipo,
    vl_fechamento,
    cast(vl_fechamento_ajustado / nullif(vl_minima, 0) - 1 as decimal(18, 8)) as pc_distancia_minima,
    vl_volume
from two_years
where
    dt_ref = dt_ultima
    and fl_maxima_252
order by
    vl_volume desc,
    ticker asc
