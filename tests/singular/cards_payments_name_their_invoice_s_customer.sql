-- A payment that names another customer than its invoice counts for the invoice, and is told.
{{ config(severity='warn') }}

with

payments_divergent as (
    select * from {{ ref('cards_payments_divergent') }}
    where nr_carga = {{ latest_load(ref('cards_payment_invoices'), ref('cards_files')) }}
)

select
    id_pagamento,
    id_fatura,
    id_cliente,
    id_cliente_fatura
from payments_divergent
