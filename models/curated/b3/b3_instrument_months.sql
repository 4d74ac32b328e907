{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_mes', 'ticker', 'dt_primeira_sessao'],
        partitioned_by=['year(dt_mes)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set session_files = ref('b3_session_files') %}
{#- Of the loads that are in the quotes: a session that the ledger knows better is not read yet. -#}
{%- set stale_months = b3_stale_months(session_files, held_by=ref('b3_quotes')) %}
{%- set stale_sessions -%}
    select session_files.dt_ref
    from {{ session_files }} as session_files
    inner join ({{ stale_months }}) as months
        on cast(date_trunc('month', session_files.dt_ref) as date) = months.dt_mes
{%- endset %}

with

months as (
    {{ stale_months }}
),

quotes as (
    select
        *,
        cast(date_trunc('month', dt_ref) as date) as dt_mes
    from {{ ref('b3_quotes') }}
    where {{ one_of('dt_ref', stale_sessions, data_type='date', reads=[session_files]) }}
),

-- a ticker may have several rows in a session: what it was, that of the lowest market tells
numbered as (
    select
        quotes.*,
        months.nr_carga as nr_carga_do_mes,
        count(*) over (partition by quotes.dt_ref, quotes.ticker) as qt_linhas,
        row_number() over (
            partition by quotes.dt_ref, quotes.ticker
            order by quotes.cd_mercado asc, quotes.ds_prazo asc
        ) as nr_ordem
    from quotes
    inner join months
        on quotes.dt_mes = months.dt_mes
),

compared as (
    select
        *,
        row(cd_isin, ds_nome) is distinct from lag(row(cd_isin, ds_nome)) over (
            partition by dt_mes, ticker
            order by dt_ref
        ) as fl_troca
    from numbered
    where nr_ordem = 1
),

stretched as (
    select
        *,
        count_if(fl_troca) over (
            partition by dt_mes, ticker
            order by dt_ref
            rows between unbounded preceding and current row
        ) as nr_trecho
    from compared
),

latest as (
    select
        dt_mes,
        ticker,
        min(dt_ref) as dt_primeira_sessao,
        max(dt_ref) as dt_ultima_sessao,
        sum(qt_linhas) as qt_linhas,
        max_by(ds_nome, dt_ref) as ds_nome,
        max_by(ds_especificacao, dt_ref) as ds_especificacao,
        max_by(cd_isin, dt_ref) as cd_isin,
        max_by(cd_bdi, dt_ref) as cd_bdi,
        max_by(cd_mercado, dt_ref) as cd_mercado,
        max_by(ds_tipo, dt_ref) as ds_tipo,
        max(nr_carga_do_mes) as nr_carga
    from stretched
    group by
        dt_mes,
        ticker,
        nr_trecho
),

former as (
    {{ former(
        ['dt_mes', 'ticker', 'dt_primeira_sessao'],
        where='dt_mes in (select months.dt_mes from months) and '
        ~ one_of('dt_mes', 'select dt_mes from (' ~ stale_months ~ ')', data_type='date', reads=[session_files]),
        like='latest'
    ) }}
),

final as (
    select
        coalesce(latest.dt_mes, former.dt_mes) as dt_mes,
        coalesce(latest.ticker, former.ticker) as ticker,
        coalesce(latest.dt_primeira_sessao, former.dt_primeira_sessao) as dt_primeira_sessao,
        latest.dt_ultima_sessao,
        latest.qt_linhas,
        latest.ds_nome,
        latest.ds_especificacao,
        latest.cd_isin,
        latest.cd_bdi,
        latest.cd_mercado,
        latest.ds_tipo,
        latest.nr_carga
    from latest
    full outer join former
        on
            latest.dt_mes = former.dt_mes
            and latest.ticker = former.ticker
            and latest.dt_primeira_sessao = former.dt_primeira_sessao
)

select * from final
