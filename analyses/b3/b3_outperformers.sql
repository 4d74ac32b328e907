with

refined as (
    select * from {{ ref('cashflow_refined') }}
)

select
    ticker,
    ds_nome,
    vl_fechamento,
    pc_retorno_ajustado_21,
    pc_retorno_relativo_21,
    pc_retorno_relativo_ano,
    pc_beta_60
from refined
where
    dt_ref = (select max(latest.dt_ref) from refined as latest)
    and ds_tipo in ('acao', 'unit')
    and vl_volume_medio_21 >= 1000000
    and pc_retorno_relativo_21 > 0
order by
    pc_retorno_relativo_21 desc,
    ticker asc
limit 20
