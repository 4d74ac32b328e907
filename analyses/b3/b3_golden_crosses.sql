with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

averages as (
    select
        dt_ref,
        ticker,
        vl_fechamento,
        vl_media_movel_50,
        vl_media_movel_200,
        vl_media_movel_50 > vl_media_movel_200 as fl_acima,
        lag(vl_media_movel_50 > vl_media_movel_200) over (partition by ticker order by dt_ref) as fl_acima_antes
    from refined
    where
        dt_ref >= (select date_add('year', -1, max(latest.dt_ref)) from refined as latest)
        and ds_tipo in ('acao', 'unit')
)

select
    dt_ref,
    ticker,
    vl_fechamento,
    vl_media_movel_50,
    vl_media_movel_200
from averages
where
    fl_acima
    and not fl_acima_antes
order by
    dt_ref desc,
    ticker asc
