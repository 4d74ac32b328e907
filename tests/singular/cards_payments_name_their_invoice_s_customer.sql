-- A payment that names another customer than its invoice counts for the invoice, and is told: when it comes, and when a
-- correction of its invoice names another customer.
{{ config(severity='warn') }}

{%- set ledger = ref('cards_files') %}
{%- set payments = ref('cards_payments') %}
{%- set invoices = ref('cards_invoices') %}
{%- set load = [latest_load(payments, ledger), latest_load(invoices, ledger)] | max %}
{%- set of_the_load = 'select dt_emissao from ' ~ payments ~ ' where nr_carga = ' ~ load
    ~ ' union all select dt_emissao from ' ~ invoices ~ ' where nr_carga = ' ~ load %}

with

payments_divergent as (
    select * from {{ ref('cards_payments_divergent') }}
    where
        nr_carga = {{ load }}
        -- of payments and invoices, only those of months of which the load brought some
        and {{ between_months('dt_emissao', of_the_load, reads=[payments, invoices]) }}
)

select
    id_pagamento,
    id_fatura,
    id_cliente,
    id_cliente_fatura
from payments_divergent
