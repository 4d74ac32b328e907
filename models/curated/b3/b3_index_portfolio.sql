{{ config(materialized='view') }}

with

index_portfolio_versions as (
    select * from {{ ref('b3_index_portfolio_versions') }}
),

final as (
    select
        cd_indice,
        ds_tipo_carteira,
        dt_ref,
        ticker,
        ds_nome,
        ds_especificacao,
        ds_setor,
        pc_participacao,
        qt_teorica,
        vl_redutor,
        pc_participacao_total,
        qt_teorica_total,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga
    from index_portfolio_versions
    where ds_situacao = 'current'
)

select * from final
