with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

liquid as (
    select
        *,
        row_number() over (order by pc_retorno_ajustado_1 desc, ticker asc) as nr_alta,
        row_number() over (order by pc_retorno_ajustado_1, ticker) as nr_baixa
    from refined
    where
        dt_ref = (select max(latest.dt_ref) from refined as latest)
        and ds_tipo in ('acao', 'unit')
        and vl_volume >= 1000000
        and pc_retorno_ajustado_1 is not null
)

select
    ticker,
    ds_nome,
    vl_fechamento,
    pc_retorno_ajustado_1,
    pc_retorno_ajustado_21,
    vl_volume
from liquid
where
    nr_alta <= 10
    or nr_baixa <= 10
order by pc_retorno_ajustado_1 desc
