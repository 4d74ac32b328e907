{%- set raw_fields = [
    'id_pagamento', 'id_fatura', 'id_cliente', 'data_pagamento', 'valor_pagamento', 'other_columns',
] -%}

with

cards_tb_pagamentos as (
    select * from {{ source('cards', 'cards_tb_pagamentos') }}
),

typed as (
    select
        file_hash as id_arquivo,
        line_number as nr_linha,
        file_name as ds_arquivo,
        {{ yyyymmdd("file_month || '01'") }} as dt_mes,
        cast(landed_at as timestamp(6)) as ts_recebimento,
        row_hash as id_linha,
        nullif(trim(id_pagamento), '') as id_pagamento,
        nullif(trim(id_fatura), '') as id_fatura,
        nullif(trim(id_cliente), '') as id_cliente,
        {{ cards_date('data_pagamento') }} as dt_pagamento,
        {{ cards_amount('valor_pagamento') }} as vl_pagamento,
        malformed_line,
        coalesce(
            malformed_line,
            json_format(cast(map(
                array['{{ raw_fields | join("', '") }}'],
                array[{{ raw_fields | join(', ') }}]
            ) as json))
        ) as ds_linha
    from cards_tb_pagamentos
),

final as (
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        dt_mes,
        ts_recebimento,
        id_linha,
        id_pagamento,
        id_fatura,
        id_cliente,
        dt_pagamento,
        vl_pagamento,
        case
            when malformed_line is not null then 'malformed_line'
            when id_pagamento is null or id_fatura is null or id_cliente is null then 'missing_key'
            when dt_pagamento is null then 'bad_date:data_pagamento'
            when vl_pagamento is null then 'bad_number:valor_pagamento'
            when vl_pagamento < 0 then 'negative_amount'
            when date_trunc('month', dt_pagamento) != dt_mes then 'month_not_the_file_s'
        end as ds_motivo_recusa,
        ds_linha
    from typed
)

select * from final
