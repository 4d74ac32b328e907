{{ config(materialized='view') }}

{%- set first_monday = "date_add('day', (8 - day_of_week(months.dt_mes)) % 7, months.dt_mes)" %}
{%- set split = 'row(dt_ex date, qt_multiplicador double)' %}
{%- set since_the_portfolio -%}
    filter(
        coalesce(splits.desdobramentos, array[]),
        split -> split.dt_ex > members.dt_carteira and split.dt_ex <= members.dt_ref
    )
{%- endset %}

with

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
),

index_portfolio as (
    select * from {{ ref('b3_index_portfolio') }}
    where ds_tipo_carteira = 'dia'
),

index_daily as (
    select * from {{ ref('b3_index_daily') }}
),

corporate_actions as (
    select * from {{ ref('b3_corporate_actions') }}
),

sessions as (
    select * from {{ ref('b3_sessions') }}
),

holidays as (
    select * from {{ ref('b3_holidays') }}
),

closed_days as (
    select array_agg(dt_feriado) as dts_feriado
    from holidays
),

portfolio_days as (
    select
        cd_indice,
        dt_ref,
        lead(dt_ref) over (partition by cd_indice order by dt_ref) as dt_seguinte,
        date_add('month', -((month(dt_ref) - 1) % 4), date_trunc('month', dt_ref)) as dt_quadrimestre
    from index_portfolio
    group by
        cd_indice,
        dt_ref
),

-- a portfolio is that of its day, and of the sessions after it until the next one, for a month at most; indices are
-- composed anew on the first Mondays of January, May and September
portfolios as (
    select
        portfolio_days.cd_indice,
        portfolio_days.dt_ref,
        least(
            coalesce(portfolio_days.dt_seguinte, date '9999-12-31'),
            date_add('day', 31, portfolio_days.dt_ref),
            min({{ first_monday }})
        ) as dt_fim
    from portfolio_days
    cross join
        unnest(
            sequence(
                portfolio_days.dt_quadrimestre,
                portfolio_days.dt_quadrimestre + interval '4' month,
                interval '4' month
            )
        ) as months (dt_mes)
    where {{ first_monday }} > portfolio_days.dt_ref
    group by
        portfolio_days.cd_indice,
        portfolio_days.dt_ref,
        portfolio_days.dt_seguinte
),

-- a return over a session that is not here is not the day's
comparable_sessions as (
    select sessions.dt_ref
    from sessions
    cross join closed_days
    where {{ b3_next_session('sessions.dt_sessao_anterior', 'closed_days.dts_feriado') }} >= sessions.dt_ref
),

members as (
    select
        index_portfolio.cd_indice,
        daily_windows.dt_ref,
        daily_windows.ticker,
        daily_windows.cd_isin,
        index_portfolio.ds_nome,
        index_portfolio.ds_setor,
        index_portfolio.dt_ref as dt_carteira,
        index_portfolio.pc_participacao,
        index_portfolio.qt_teorica,
        index_portfolio.vl_redutor,
        daily_windows.vl_fechamento,
        daily_windows.pc_retorno_ajustado_1,
        comparable_sessions.dt_ref is not null as fl_comparavel
    from daily_windows
    inner join index_portfolio
        on daily_windows.ticker = index_portfolio.ticker
    inner join portfolios
        on
            index_portfolio.cd_indice = portfolios.cd_indice
            and index_portfolio.dt_ref = portfolios.dt_ref
            and daily_windows.dt_ref >= portfolios.dt_ref
            and daily_windows.dt_ref < portfolios.dt_fim
    left join comparable_sessions
        on daily_windows.dt_ref = comparable_sessions.dt_ref
    where daily_windows.pc_retorno_ajustado_1 > -1
),

-- splits, reverse splits and bonuses of a paper
splits as (
    select
        cd_isin,
        array_agg(cast(row(dt_ex, qt_multiplicador) as {{ split }}) order by dt_ex) as desdobramentos
    from corporate_actions
    where
        cd_isin is not null
        and qt_multiplicador is not null
    group by cd_isin
),

-- how many papers one of the portfolio's day has become
held as (
    select
        members.*,
        {{ product_of('transform(' ~ since_the_portfolio ~ ', split -> split.qt_multiplicador)') }} as qt_multiplicador
    from members
    left join splits
        on members.cd_isin = splits.cd_isin
),

-- in points: what the papers held gained on their price without the rights that ended, over the index's divisor
contributions as (
    select
        *,
        case
            when fl_comparavel
                then cast(
                    cast(vl_fechamento as double)
                    * (1 - 1 / (1 + cast(pc_retorno_ajustado_1 as double)))
                    * qt_teorica * qt_multiplicador / vl_redutor as decimal(18, 8)
                )
        end as vl_contribuicao
    from held
),

final as (
    select
        contributions.cd_indice,
        contributions.dt_ref,
        contributions.ticker,
        contributions.ds_nome,
        contributions.ds_setor,
        nullif(trim(regexp_replace(split_part(contributions.ds_setor, '/', 1), '\s+', ' ')), '') as ds_setor_economico,
        contributions.dt_carteira,
        contributions.pc_participacao,
        contributions.vl_fechamento,
        contributions.pc_retorno_ajustado_1,
        contributions.vl_contribuicao,
        cast(
            contributions.vl_contribuicao / nullif(index_daily.vl_nivel_anterior, 0) as decimal(18, 8)
        ) as pc_contribuicao,
        index_daily.vl_nivel,
        index_daily.vl_nivel_anterior
    from contributions
    left join index_daily
        on
            contributions.cd_indice = index_daily.cd_indice
            and contributions.dt_ref = index_daily.dt_ref
)

select * from final
