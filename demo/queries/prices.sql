select
    dt_ref,
    vl_fechamento as close,
    pc_retorno_1 as "return",
    vl_media_movel_5 as "mean 5",
    vl_media_movel_20 as "mean 20",
    vl_media_movel_50 as "mean 50",
    vl_media_movel_200 as "mean 200",
    pc_volatilidade_21 as "volatility 21",
    vl_maxima_252 as "52-week high",
    vl_volume as "volume R$"
from cashflow.refined
where ticker = 'PETR4'
order by dt_ref desc
limit 12
