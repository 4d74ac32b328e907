with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

-- of adjusted closes: a split is no cross. The first year fills the windows of the second
averages as (
    select
        dt_ref,
        ticker,
        ds_classe,
        vl_fechamento_ajustado,
        count(*) over (partition by ticker, ds_classe order by dt_ref) as nr_sessao,
        max(dt_ref) over () as dt_ultima,
        avg(vl_fechamento_ajustado) over (
            partition by ticker, ds_classe order by dt_ref rows between 49 preceding and current row
        ) as vl_media_50,
        avg(vl_fechamento_ajustado) over (
            partition by ticker, ds_classe order by dt_ref rows between 199 preceding and current row
        ) as vl_media_200
    from refined
    where
        dt_ref >= (select date_add('year', -2, max(latest.dt_ref)) from refined as latest)
        and ds_tipo in ('acao', 'unit')
),

crosses as (
    select
        *,
        vl_media_50 > vl_media_200 as fl_acima,
        lag(vl_media_50 > vl_media_200) over (partition by ticker, ds_classe order by dt_ref) as fl_acima_antes
    from averages
    where nr_sessao >= 200
)

select
    dt_ref,
    ticker,
    vl_fechamento_ajustado,
    vl_media_50,
    vl_media_200
from crosses
where
    fl_acima
    and not fl_acima_antes
    and dt_ref >= date_add('year', -1, dt_ultima)
order by
    dt_ref desc,
    ticker asc
