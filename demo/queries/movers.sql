with

last_session as (
    select max(dt_ref) as dt_ref
    from cashflow.refined
),

ranked as (
    select
        prices.*,
        row_number() over (order by prices.pc_retorno_ajustado_1 desc, prices.ticker asc) as nr_alta,
        row_number() over (order by prices.pc_retorno_ajustado_1 asc, prices.ticker asc) as nr_baixa
    from cashflow.refined as prices
    inner join last_session
        on prices.dt_ref = last_session.dt_ref
    where
        prices.pc_retorno_ajustado_1 is not null
        and prices.vl_volume >= 1000000
)

select
    ticker,
    ds_nome as name,
    vl_fechamento as close,
    pc_retorno_ajustado_1 as "return",
    pc_retorno_ajustado_21 as "return 21",
    pc_retorno_relativo_21 as "over IBOV 21",
    vl_volume / 1000000 as "R$ mn"
from ranked
where
    nr_alta <= 5
    or nr_baixa <= 5
order by pc_retorno_ajustado_1 desc
