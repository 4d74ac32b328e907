{{ config(materialized='view') }}

with

invoice_versions as (
    select * from {{ ref('cards_invoice_versions') }}
),

final as (
    select
        id_fatura,
        id_cliente,
        dt_emissao,
        dt_vencimento,
        vl_fatura,
        vl_pagamento_minimo,
        nr_versao,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga
    from invoice_versions
    where ds_situacao = 'current'
)

select * from final
