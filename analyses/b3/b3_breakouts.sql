with

refined as (
    select * from {{ ref('cashflow_refined') }}
)

select
    ticker,
    ds_nome,
    ds_tipo,
    vl_fechamento,
    pc_distancia_minima_252,
    vl_volume
from refined
where
    dt_ref = (select max(latest.dt_ref) from refined as latest)
    and pc_distancia_maxima_252 = 0
order by vl_volume desc
