with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

distributions as (
    select
        dt_ref,
        ticker,
        ds_nome,
        ds_marcador_ex,
        nr_distribuicao,
        lag(nr_distribuicao) over (partition by ticker, ds_classe order by dt_ref) as nr_distribuicao_anterior,
        vl_fechamento,
        pc_retorno_1
    from refined
    where dt_ref >= (select date_add('month', -3, max(latest.dt_ref)) from refined as latest)
)

select
    dt_ref,
    ticker,
    ds_nome,
    ds_marcador_ex,
    nr_distribuicao_anterior,
    nr_distribuicao,
    vl_fechamento,
    pc_retorno_1
from distributions
where nr_distribuicao != nr_distribuicao_anterior
order by
    dt_ref desc,
    ticker asc
