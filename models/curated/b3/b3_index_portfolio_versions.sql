{{ config(materialized='view') }}

with

index_portfolio_records as (
    select * from {{ ref('b3_index_portfolio_records') }}
),

-- a portfolio is versioned whole: all assets of the answer landed last, or none of it
latest as (
    select
        *,
        first_value(id_arquivo) over (
            partition by cd_indice, ds_tipo_carteira, dt_ref
            order by ts_recebimento desc, id_arquivo desc
        ) as id_arquivo_atual
    from index_portfolio_records
),

final as (
    select
        cd_indice,
        ds_tipo_carteira,
        dt_ref,
        ticker,
        case when id_arquivo = id_arquivo_atual then 'current' else 'superseded' end as ds_situacao,
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
    from latest
)

select * from final
