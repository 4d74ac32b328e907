{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_emissao', 'id_pagamento'],
        partitioned_by=['month(dt_emissao)'],
        delete_condition='src.nr_carga is null',
        insert_condition='src.nr_carga is not null',
    )
}}

{%- set ledger = ref('cards_files') %}
{%- set all_invoices = ref('cards_invoices') %}
{%- set invoice_versions = ref('cards_invoice_versions') %}
{%- set unknown = "date '9999-12-31'" %}
{%- set last_load = own_load(ledger) if is_incremental() else 0 %}
{%- set touched -%}
    select
        id_pagamento,
        id_fatura,
        dt_pagamento,
        ds_situacao
    from {{ ref('cards_payment_versions') }}
    where
        nr_carga > {{ last_load }}
        and ds_situacao != 'duplicate'
{%- endset %}
{%- set is_near, is_former = cards_places(
    touched, ledger, all_invoices, invoice_versions, last_load, unknown
) if is_incremental() else ('true', 'false') %}

with

files as (
    select * from {{ ref('cards_files') }}
),

payment_versions as (
    select * from {{ ref('cards_payment_versions') }}
    where
        nr_carga > {{ last_load }}
        and ds_situacao != 'duplicate'
),

invoices as (
    select * from {{ ref('cards_invoices') }}
    where {{ is_near }}
),

newest as (
    select max(dt_mes) as dt_mes
    from files
    where
        ds_entidade = 'tb_faturas'
        and qt_validas > 0
),

issue_dates as (
    select
        id_fatura,
        max(dt_emissao) as dt_emissao
    from (
        select
            id_fatura,
            dt_emissao
        from invoices
        {% if is_incremental() %}
        union all
        select
            id_fatura,
            dt_emissao
        from {{ ref('cards_invoices') }}
        where nr_carga > {{ last_load }}
        {% endif %}
    ) as known
    group by id_fatura
),

placed as (
    select
        payment_versions.id_pagamento,
        payment_versions.id_fatura,
        payment_versions.id_cliente,
        payment_versions.dt_pagamento,
        payment_versions.vl_pagamento,
        {{ cards_issue_date('payment_versions', unknown) }} as dt_emissao,
        payment_versions.nr_versao,
        payment_versions.ts_recebimento,
        payment_versions.id_arquivo,
        payment_versions.nr_linha
    from payment_versions
    cross join newest
    left join issue_dates
        on payment_versions.id_fatura = issue_dates.id_fatura
    where payment_versions.ds_situacao = 'current'
),

-- nothing, unless a run was cut after this table: what has not changed stays
written as (
    {{ former(
        ['id_pagamento', 'dt_emissao', 'nr_versao', 'id_arquivo', 'nr_linha'],
        where='nr_carga > ' ~ last_load, like='placed'
    ) }}
),

former as (
    {{ former([
        'id_pagamento', 'id_fatura', 'id_cliente', 'dt_pagamento', 'vl_pagamento', 'dt_emissao', 'nr_versao',
        'ts_recebimento', 'id_arquivo', 'nr_linha',
    ], where=is_former, like='placed') }}
),

-- payments that no load touched, whose invoice has come, or is issued on another day now
replaced as (
    select
        former.id_pagamento,
        former.id_fatura,
        former.id_cliente,
        former.dt_pagamento,
        former.vl_pagamento,
        {{ cards_issue_date('former', unknown) }} as dt_emissao,
        former.nr_versao,
        former.ts_recebimento,
        former.id_arquivo,
        former.nr_linha
    from former
    cross join newest
    inner join issue_dates
        on former.id_fatura = issue_dates.id_fatura
    where
        former.dt_emissao != {{ cards_issue_date('former', unknown) }}
        and former.id_pagamento not in (select placed.id_pagamento from placed)
),

latest as (
    select placed.*
    from placed
    left join written
        on
            placed.id_pagamento = written.id_pagamento
            and placed.dt_emissao = written.dt_emissao
            and placed.nr_versao = written.nr_versao
            and placed.id_arquivo = written.id_arquivo
            and placed.nr_linha = written.nr_linha
    where written.id_pagamento is null
    union all
    select * from replaced
),

affected as (
    select *
    from former
    where id_pagamento in (select latest.id_pagamento from latest)
),

final as (
    select
        coalesce(latest.id_pagamento, affected.id_pagamento) as id_pagamento,
        latest.id_fatura,
        latest.id_cliente,
        latest.dt_pagamento,
        latest.vl_pagamento,
        coalesce(latest.dt_emissao, affected.dt_emissao) as dt_emissao,
        latest.nr_versao,
        latest.ts_recebimento,
        latest.id_arquivo,
        latest.nr_linha,
        case when latest.id_pagamento is not null then cast({{ load_number(ledger) }} as bigint) end as nr_carga
    from latest
    -- a payment that stood elsewhere: without a load number, deleted there by the merge
    full outer join affected
        on
            latest.id_pagamento = affected.id_pagamento
            and latest.dt_emissao = affected.dt_emissao
)

select * from final
