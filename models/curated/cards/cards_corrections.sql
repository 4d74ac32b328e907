{{ config(materialized='view') }}

with

invoice_versions as (
    select * from {{ ref('cards_invoice_versions') }}
    where ds_situacao != 'duplicate'
),

payment_versions as (
    select * from {{ ref('cards_payment_versions') }}
    where ds_situacao != 'duplicate'
),

-- a correction is of two versions: the one that it brought, and the one that it replaced
invoice_corrections as (
    select
        id_fatura,
        id_cliente,
        dt_emissao,
        nr_versao,
        ts_recebimento as ts_correcao
    from invoice_versions
    where nr_versao > 1
    union all
    select
        id_fatura,
        id_cliente,
        dt_emissao,
        nr_versao + 1 as nr_versao,
        ts_substituicao as ts_correcao
    from invoice_versions
    where ds_situacao = 'superseded'
),

payment_corrections as (
    select
        id_pagamento,
        id_fatura,
        dt_pagamento,
        nr_versao,
        ts_recebimento as ts_correcao
    from payment_versions
    where nr_versao > 1
    union all
    select
        id_pagamento,
        id_fatura,
        dt_pagamento,
        nr_versao + 1 as nr_versao,
        ts_substituicao as ts_correcao
    from payment_versions
    where ds_situacao = 'superseded'
),

places as (
    select
        'tb_faturas' as ds_entidade,
        id_fatura as id_registro,
        nr_versao,
        id_cliente,
        dt_emissao,
        dt_emissao as dt_registro,
        ts_correcao
    from invoice_corrections
    union all
    -- a payment is where its invoice is, and was where that was when it was corrected
    select
        'tb_pagamentos' as ds_entidade,
        payment_corrections.id_pagamento as id_registro,
        payment_corrections.nr_versao,
        invoice_versions.id_cliente,
        invoice_versions.dt_emissao,
        payment_corrections.dt_pagamento as dt_registro,
        payment_corrections.ts_correcao
    from payment_corrections
    inner join invoice_versions
        on
            payment_corrections.id_fatura = invoice_versions.id_fatura
            and coalesce(payment_corrections.ts_correcao <= invoice_versions.ts_substituicao, true)
),

final as (
    select
        ds_entidade,
        id_registro,
        nr_versao,
        id_cliente,
        dt_emissao,
        dt_registro,
        cast(date_trunc('month', greatest(dt_emissao, dt_registro)) as date) as dt_mes,
        ts_correcao
    from places
    -- more than eleven months after its invoice a payment is not observed; more than eleven before it, it is, and its
    -- correction is left out all the same: versions of payments are read by their own month, and a run reads twelve
    where
        date_diff('month', date_trunc('month', dt_emissao), date_trunc('month', dt_registro)) between -11 and 11
)

select * from final
