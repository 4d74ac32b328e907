{{ config(materialized='view') }}

with

corporate_actions as (
    select * from {{ ref('b3_corporate_actions') }}
    where vl_provento is not null
),

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
),

payouts as (
    select
        cd_isin,
        dt_ultimo_com,
        dt_ex,
        sum(vl_provento) as vl_provento,
        array_join(array_agg(distinct ds_evento order by ds_evento), ', ') as ds_eventos
    from corporate_actions
    group by
        cd_isin,
        dt_ultimo_com,
        dt_ex
),

final as (
    select
        payouts.dt_ultimo_com,
        daily_windows.ticker,
        daily_windows.ds_nome,
        payouts.cd_isin,
        payouts.dt_ex,
        payouts.ds_eventos,
        cast(payouts.vl_provento as decimal(28, 12)) as vl_provento,
        daily_windows.vl_fechamento,
        cast(
            cast(payouts.vl_provento as double) / nullif(cast(daily_windows.vl_fechamento as double), 0)
            as decimal(18, 8)
        ) as pc_provento
    from payouts
    inner join daily_windows
        on
            payouts.cd_isin = daily_windows.cd_isin
            and payouts.dt_ultimo_com = daily_windows.dt_ref
)

select * from final
