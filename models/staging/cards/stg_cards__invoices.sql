{%- set raw_fields = [
    'id_fatura', 'id_cliente', 'data_emissao', 'data_vencimento', 'valor_fatura', 'valor_pagamento_minimo', 'other_columns',
] -%}

with

cards_tb_faturas as (
    select * from {{ source('cards', 'cards_tb_faturas') }}
),

typed as (
    select
        file_hash as id_arquivo,
        line_number as nr_linha,
        file_name as ds_arquivo,
        {{ yyyymmdd("file_month || '01'") }} as dt_mes,
        cast(landed_at as timestamp(6)) as ts_recebimento,
        row_hash as id_linha,
        nullif(trim(id_fatura), '') as id_fatura,
        nullif(trim(id_cliente), '') as id_cliente,
        {{ cards_date('data_emissao') }} as dt_emissao,
        {{ cards_date('data_vencimento') }} as dt_vencimento,
        {{ cards_amount('valor_fatura') }} as vl_fatura,
        {{ cards_amount('valor_pagamento_minimo') }} as vl_pagamento_minimo,
        malformed_line,
        coalesce(
            malformed_line,
            json_format(cast(map(
                array['{{ raw_fields | join("', '") }}'],
                array[{{ raw_fields | join(', ') }}]
            ) as json))
        ) as ds_linha
    from cards_tb_faturas
),

final as (
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        dt_mes,
        ts_recebimento,
        id_linha,
        id_fatura,
        id_cliente,
        dt_emissao,
        dt_vencimento,
        vl_fatura,
        vl_pagamento_minimo,
        case
            when malformed_line is not null then 'malformed_line'
            when id_fatura is null or id_cliente is null then 'missing_key'
            when dt_emissao is null then 'bad_date:data_emissao'
            when dt_vencimento is null then 'bad_date:data_vencimento'
            when vl_fatura is null then 'bad_number:valor_fatura'
            when vl_pagamento_minimo is null then 'bad_number:valor_pagamento_minimo'
            when vl_fatura < 0 or vl_pagamento_minimo < 0 then 'negative_amount'
            when vl_pagamento_minimo > vl_fatura then 'minimum_above_invoice'
            when dt_vencimento < dt_emissao then 'due_before_issue'
            when date_trunc('month', dt_emissao) != dt_mes then 'month_not_the_file_s'
        end as ds_motivo_recusa,
        ds_linha
    from typed
)

select * from final
