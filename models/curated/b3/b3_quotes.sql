{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_ref', 'ticker', 'cd_mercado', 'ds_prazo'],
        partitioned_by=['month(dt_ref)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set calendar = ref('b3_sessions') %}
{%- set stale_sessions = stale(calendar, loads=ref('b3_session_files')) %}

with

sessions as (
    {{ stale_sessions }}
),

quotes as (
    select *
    from {{ ref('stg_b3__quotes') }}
    where {{ one_of('id_arquivo', 'select id_arquivo from (' ~ stale_sessions ~ ')', reads=[calendar]) }}
),

bdi_codes as (
    select * from {{ ref('b3_bdi_codes') }}
),

market_types as (
    select * from {{ ref('b3_market_types') }}
),

security_types as (
    select * from {{ ref('b3_security_types') }}
),

latest as (
    select
        quotes.*,
        sessions.nr_carga,
        case
            when quotes.fl_indice and quotes.cd_mercado = '010' then 'indice'
            else coalesce(market_types.ds_tipo, security_types.ds_tipo, bdi_codes.ds_tipo, 'desconhecido')
        end as ds_tipo,
        bdi_codes.cd_bdi is null as fl_bdi_desconhecido,
        market_types.cd_mercado is null as fl_mercado_desconhecido
    from quotes
    inner join sessions
        on
            quotes.id_arquivo = sessions.id_arquivo
            and quotes.dt_ref = sessions.dt_ref
    left join bdi_codes
        on quotes.cd_bdi = bdi_codes.cd_bdi
    left join market_types
        on quotes.cd_mercado = market_types.cd_mercado
    -- a receipt has the word of its share before its own (PN  REC)
    left join security_types
        on regexp_extract(quotes.ds_especificacao, '^[A-Z0-9]+( +REC)?') = security_types.cd_papel
    where quotes.ds_motivo_recusa is null
),

former as (
    {{ former(
        ['dt_ref', 'ticker', 'cd_mercado', 'ds_prazo'],
        where='dt_ref in (select sessions.dt_ref from sessions) and '
        ~ one_of('dt_ref', 'select dt_ref from (' ~ stale_sessions ~ ')', data_type='date', reads=[calendar]),
        like='latest'
    ) }}
),

final as (
    select
        coalesce(latest.dt_ref, former.dt_ref) as dt_ref,
        coalesce(latest.ticker, former.ticker) as ticker,
        coalesce(latest.cd_mercado, former.cd_mercado) as cd_mercado,
        coalesce(latest.ds_prazo, former.ds_prazo) as ds_prazo,
        latest.cd_bdi,
        latest.ds_nome,
        latest.ds_tipo,
        latest.ds_especificacao,
        latest.ds_marcador_ex,
        latest.ds_moeda,
        latest.vl_abertura,
        latest.vl_maximo,
        latest.vl_minimo,
        latest.vl_medio,
        latest.vl_fechamento,
        latest.vl_oferta_compra,
        latest.vl_oferta_venda,
        latest.qt_negocios,
        latest.qt_titulos,
        latest.vl_volume,
        latest.vl_exercicio,
        latest.vl_exercicio_pontos,
        latest.cd_correcao,
        latest.dt_vencimento,
        latest.qt_fator_cotacao,
        latest.cd_isin,
        latest.nr_distribuicao,
        latest.fl_indice,
        latest.fl_negocios_suspeitos,
        latest.fl_bdi_desconhecido,
        latest.fl_mercado_desconhecido,
        latest.id_arquivo,
        latest.nr_linha,
        latest.nr_carga
    from latest
    -- what the former version of a session had and the latest has not: without a load number, deleted by the merge
    full outer join former
        on
            latest.dt_ref = former.dt_ref
            and latest.ticker = former.ticker
            and latest.cd_mercado = former.cd_mercado
            and latest.ds_prazo = former.ds_prazo
)

select * from final
