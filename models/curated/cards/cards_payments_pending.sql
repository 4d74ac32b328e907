{{ config(materialized='view') }}

with

payment_invoices as (
    select * from {{ ref('cards_payment_invoices') }}
),

final as (
    select
        id_pagamento,
        id_fatura,
        id_cliente,
        dt_pagamento,
        vl_pagamento,
        nr_versao,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga
    from payment_invoices
    where dt_emissao = date '9999-12-31'
)

select * from final
