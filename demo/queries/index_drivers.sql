with

contributions as (
    select *
    from finlake_refined.b3_index_contributions
    where cd_indice = 'IBOV'
),

ranked as (
    select
        *,
        row_number() over (order by vl_contribuicao desc, ticker asc) as nr_mais,
        row_number() over (order by vl_contribuicao asc, ticker asc) as nr_menos
    from contributions
    where
        vl_contribuicao is not null
        and dt_ref = (select max(latest.dt_ref) from contributions as latest)
)

select
    ticker,
    ds_nome as name,
    ds_setor_economico as sector,
    pc_participacao as weight,
    pc_retorno_ajustado_1 as "return",
    vl_contribuicao as points
from ranked
where
    nr_mais <= 4
    or nr_menos <= 4
order by vl_contribuicao desc
