with

instrument_months as (
    select * from {{ ref('b3_instrument_months') }}
),

compared as (
    select
        *,
        row(cd_isin, ds_nome) is distinct from lag(row(cd_isin, ds_nome)) over (
            partition by ticker
            order by dt_primeira_sessao
        ) as fl_troca,
        max(dt_ultima_sessao) over (partition by ticker) as dt_ultima_do_ticker
    from instrument_months
),

-- a stretch goes on from month to month for as long as nothing changes
stretched as (
    select
        *,
        count_if(fl_troca) over (
            partition by ticker
            order by dt_primeira_sessao
            rows between unbounded preceding and current row
        ) as nr_trecho
    from compared
),

final as (
    select
        ticker,
        min(dt_primeira_sessao) as dt_inicio,
        max(dt_ultima_sessao) as dt_fim,
        cast(nr_trecho as bigint) as nr_trecho,
        max_by(ds_nome, dt_ultima_sessao) as ds_nome,
        max_by(cd_isin, dt_ultima_sessao) as cd_isin,
        max_by(ds_tipo, dt_ultima_sessao) as ds_tipo,
        sum(qt_linhas) as qt_linhas,
        max(dt_ultima_sessao) = max(dt_ultima_do_ticker) as fl_atual
    from stretched
    group by
        ticker,
        nr_trecho
)

select * from final
