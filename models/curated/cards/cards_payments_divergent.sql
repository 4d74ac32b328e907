{{ config(materialized='view') }}

with

invoices as (
    select * from {{ ref('cards_invoices') }}
),

payments as (
    select * from {{ ref('cards_payments') }}
),

final as (
    select
        payments.id_pagamento,
        payments.id_fatura,
        payments.id_cliente,
        invoices.id_cliente as id_cliente_fatura,
        payments.dt_pagamento,
        payments.vl_pagamento,
        payments.dt_emissao,
        payments.id_arquivo,
        payments.nr_linha,
        greatest(payments.nr_carga, invoices.nr_carga) as nr_carga
    from payments
    inner join invoices
        on
            payments.id_fatura = invoices.id_fatura
            and payments.dt_emissao = invoices.dt_emissao
    where payments.id_cliente != invoices.id_cliente
)

select * from final
