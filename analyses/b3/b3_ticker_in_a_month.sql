with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

market_daily as (
    select * from {{ ref('b3_market_daily') }}
),

last_month as (
    select date_add('month', -1, date_trunc('month', max(dt_ref))) as dt_mes
    from market_daily
)

select
    refined.dt_ref,
    refined.vl_fechamento,
    refined.pc_retorno_1,
    refined.vl_media_movel_5,
    refined.vl_media_movel_20,
    refined.pc_volatilidade_21,
    refined.vl_volume
from refined
inner join last_month
    on
        refined.dt_ref >= last_month.dt_mes
        and refined.dt_ref < date_add('month', 1, last_month.dt_mes)
where refined.ticker = 'PETR4'
order by refined.dt_ref
