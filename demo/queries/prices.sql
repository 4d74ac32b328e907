select
    dt_ref,
    vl_fechamento as close,
    vl_fechamento_ajustado as adjusted,
    pc_retorno_1 as "return",
    vl_media_movel_20 as "SMA 20",
    vl_media_movel_50 as "SMA 50",
    vl_media_movel_200 as "SMA 200",
    pc_volatilidade_21 as "vol. 21",
    vl_volume / 1000000 as "R$ mn"
from cashflow.refined
where ticker = 'PETR4'
order by dt_ref desc
limit 12
