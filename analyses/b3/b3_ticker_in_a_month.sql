select
    dt_ref,
    vl_fechamento,
    pc_retorno_1,
    vl_media_movel_5,
    vl_media_movel_20,
    pc_volatilidade_21,
    vl_volume
from {{ ref('cashflow_refined') }}
where
    ticker = 'PETR4'
    and dt_ref between date('2024-01-01') and date('2024-01-31')
order by dt_ref
