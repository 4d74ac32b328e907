{{ config(materialized='view') }}

with

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
),

index_portfolio as (
    select * from {{ ref('b3_index_portfolio') }}
    where ds_tipo_carteira = 'dia'
),

index_levels as (
    select * from {{ ref('b3_index_levels') }}
),

-- a portfolio is that of its day, and of the sessions after it until the next one, for a month at most
portfolios as (
    select
        cd_indice,
        dt_ref,
        least(
            coalesce(lead(dt_ref) over (partition by cd_indice order by dt_ref), date '9999-12-31'),
            date_add('day', 31, dt_ref)
        ) as dt_fim
    from index_portfolio
    group by
        cd_indice,
        dt_ref
),

levels as (
    select
        cd_indice,
        dt_ref,
        vl_nivel,
        lag(vl_nivel) over (partition by cd_indice order by dt_ref) as vl_nivel_anterior
    from index_levels
),

-- in points: what the papers held gained on their price without the rights that ended, over the index's divisor
contributions as (
    select
        index_portfolio.cd_indice,
        daily_windows.dt_ref,
        daily_windows.ticker,
        index_portfolio.ds_nome,
        index_portfolio.ds_setor,
        index_portfolio.dt_ref as dt_carteira,
        index_portfolio.pc_participacao,
        daily_windows.vl_fechamento,
        daily_windows.pc_retorno_ajustado_1,
        cast(
            cast(daily_windows.vl_fechamento as double)
            * (1 - 1 / (1 + cast(daily_windows.pc_retorno_ajustado_1 as double)))
            * index_portfolio.qt_teorica / index_portfolio.vl_redutor as decimal(18, 8)
        ) as vl_contribuicao
    from daily_windows
    inner join index_portfolio
        on daily_windows.ticker = index_portfolio.ticker
    inner join portfolios
        on
            index_portfolio.cd_indice = portfolios.cd_indice
            and index_portfolio.dt_ref = portfolios.dt_ref
            and daily_windows.dt_ref >= portfolios.dt_ref
            and daily_windows.dt_ref < portfolios.dt_fim
    where daily_windows.pc_retorno_ajustado_1 > -1
),

final as (
    select
        contributions.cd_indice,
        contributions.dt_ref,
        contributions.ticker,
        contributions.ds_nome,
        contributions.ds_setor,
        contributions.dt_carteira,
        contributions.pc_participacao,
        contributions.vl_fechamento,
        contributions.pc_retorno_ajustado_1,
        contributions.vl_contribuicao,
        cast(contributions.vl_contribuicao / nullif(levels.vl_nivel_anterior, 0) as decimal(18, 8)) as pc_contribuicao,
        levels.vl_nivel,
        levels.vl_nivel_anterior
    from contributions
    left join levels
        on
            contributions.cd_indice = levels.cd_indice
            and contributions.dt_ref = levels.dt_ref
)

select * from final
