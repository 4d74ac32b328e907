with

refined as (
    select * from {{ ref('cashflow_refined') }}
)

select
    ticker,
    ds_nome,
    vl_volume,
    vl_volume_medio_21,
    cast(vl_volume as decimal(28, 8)) / vl_volume_medio_21 as qt_vezes_a_media,
    pc_retorno_ajustado_1,
    ds_marcador_ex
from refined
where
    dt_ref = (select max(latest.dt_ref) from refined as latest)
    and vl_volume >= 3 * vl_volume_medio_21
    and vl_volume_medio_21 > 0
order by qt_vezes_a_media desc
