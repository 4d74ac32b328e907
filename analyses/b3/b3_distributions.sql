with

price_adjustments as (
    select * from {{ ref('b3_price_adjustments') }}
),

refined as (
    select * from {{ ref('cashflow_refined') }}
),

latest as (
    select
        ticker,
        ds_nome,
        vl_fechamento
    from refined
    where dt_ref = (select max(last_session.dt_ref) from refined as last_session)
)

-- what went without its right within a year, as a part of the price with it
select
    latest.ticker,
    latest.ds_nome,
    latest.vl_fechamento,
    count(*) as qt_datas_ex,
    max(price_adjustments.dt_ref) as dt_ultima_ex,
    cast(sum(1 - price_adjustments.pc_fator_provento) as decimal(18, 8)) as pc_distribuido
from latest
inner join price_adjustments
    on latest.ticker = price_adjustments.ticker
where
    price_adjustments.dt_ref > (select date_add('year', -1, max(last_session.dt_ref)) from refined as last_session)
    and price_adjustments.pc_fator_provento < 1
    and not regexp_like(price_adjustments.ds_proventos, 'DESDOBRAMENTO|BONIFICACAO')
group by
    latest.ticker,
    latest.ds_nome,
    latest.vl_fechamento
order by
    pc_distribuido desc,
    latest.ticker asc
