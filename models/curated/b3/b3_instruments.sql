with

instrument_months as (
    select * from {{ ref('b3_instrument_months') }}
),

numbered as (
    select
        *,
        min(dt_primeira_sessao) over (partition by ticker) as dt_inicio,
        row_number() over (partition by ticker order by dt_ultima_sessao desc) as nr_ordem
    from instrument_months
),

final as (
    select
        ticker,
        ds_nome,
        ds_especificacao,
        cd_isin,
        cd_bdi,
        cd_mercado,
        ds_tipo,
        dt_inicio as dt_primeira_sessao,
        dt_ultima_sessao
    from numbered
    where nr_ordem = 1
)

select * from final
