select
    ticker,
    ds_nome,
    vl_fechamento,
    pc_retorno_ajustado_1,
    vl_volume
from b3_daily_indicators
where
    dt_ref = :day
    and ds_tipo in ('acao', 'unit')
    and vl_volume >= :least_volume
    and pc_retorno_ajustado_1 is not null
order by
    pc_retorno_ajustado_1 desc,
    ticker asc
