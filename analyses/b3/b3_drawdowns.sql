with

refined as (
    select * from {{ ref('cashflow_refined') }}
),

year_back as (
    select
        *,
        max(vl_fechamento_ajustado) over (partition by ticker, ds_classe) as vl_topo,
        max_by(dt_ref, vl_fechamento_ajustado) over (partition by ticker, ds_classe) as dt_topo,
        max(dt_ref) over () as dt_ultima
    from refined
    where
        dt_ref >= (select date_add('year', -1, max(latest.dt_ref)) from refined as latest)
        and ds_tipo in ('acao', 'unit')
)

select
    ticker,
    ds_nome,
    vl_fechamento,
    dt_topo,
    cast(vl_fechamento_ajustado / nullif(vl_topo, 0) - 1 as decimal(18, 8)) as pc_queda
from year_back
where dt_ref = dt_ultima
order by
    pc_queda asc,
    ticker asc
limit 20
