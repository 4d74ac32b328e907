{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_emissao', 'id_arquivo', 'nr_linha'],
        partitioned_by=['month(dt_emissao)'],
    )
}}

with

files as (
    select * from {{ ref('cards_files') }}
),

{{ cards_versions(
    staged=ref('stg_cards__invoices'),
    entity='tb_faturas',
    key='id_fatura',
    date='dt_emissao',
    content=['id_cliente', 'dt_emissao', 'dt_vencimento', 'vl_fatura', 'vl_pagamento_minimo'],
) }},

final as (
    select
        id_fatura,
        cast(nr_versao as integer) as nr_versao,
        ds_situacao,
        id_cliente,
        dt_emissao,
        dt_vencimento,
        vl_fatura,
        vl_pagamento_minimo,
        cast(ts_recebimento as timestamp(6)) as ts_recebimento,
        cast(ts_substituicao as timestamp(6)) as ts_substituicao,
        id_arquivo,
        nr_linha,
        cast(nr_carga as bigint) as nr_carga
    from changed
)

select * from final
