with

index_contributions as (
    select * from {{ ref('b3_index_contributions') }}
    where cd_indice = 'IBOV'
)

select
    coalesce(ds_setor_economico, 'sem setor') as ds_setor_economico,
    count(*) as qt_papeis,
    sum(vl_contribuicao) as vl_contribuicao,
    max_by(ticker, vl_contribuicao) as ticker_que_mais_somou,
    min_by(ticker, vl_contribuicao) as ticker_que_mais_tirou
from index_contributions
where dt_ref = (select max(latest.dt_ref) from index_contributions as latest)
group by coalesce(ds_setor_economico, 'sem setor')
order by
    vl_contribuicao desc,
    ds_setor_economico asc
