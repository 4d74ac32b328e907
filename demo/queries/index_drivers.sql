with

ranked as (
    select
        *,
        row_number() over (order by vl_contribuicao desc, ticker asc) as nr_mais,
        row_number() over (order by vl_contribuicao asc, ticker asc) as nr_menos
    from finlake_refined.b3_index_contributions
    where
        cd_indice = 'IBOV'
        and dt_ref = (select max(dt_ref) from finlake_refined.b3_index_contributions)
)

select
    ticker,
    ds_nome as name,
    ds_setor as sector,
    pc_participacao as weight,
    pc_retorno_ajustado_1 as "return",
    vl_contribuicao as points
from ranked
where
    nr_mais <= 4
    or nr_menos <= 4
order by vl_contribuicao desc
