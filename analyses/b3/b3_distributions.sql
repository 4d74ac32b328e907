with

payouts as (
    select * from {{ ref('b3_payouts') }}
),

refined as (
    select * from {{ ref('cashflow_refined') }}
),

latest as (
    select
        dt_ref,
        ticker,
        ds_nome,
        vl_fechamento
    from refined
    where dt_ref = (select max(last_session.dt_ref) from refined as last_session)
)

-- the money that went without its right within a year, each as a part of the price that had it
select
    latest.ticker,
    latest.ds_nome,
    latest.vl_fechamento,
    count(*) as qt_datas_ex,
    max(payouts.dt_ex) as dt_ultima_ex,
    sum(payouts.pc_provento) as pc_distribuido
from latest
inner join payouts
    on
        latest.ticker = payouts.ticker
        and latest.dt_ref >= payouts.dt_ex
        and latest.dt_ref < date_add('year', 1, payouts.dt_ex)
group by
    latest.ticker,
    latest.ds_nome,
    latest.vl_fechamento
order by
    pc_distribuido desc,
    latest.ticker asc
