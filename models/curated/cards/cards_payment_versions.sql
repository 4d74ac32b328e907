{{
    config(
        materialized='incremental',
        incremental_strategy='merge',
        unique_key=['dt_pagamento', 'id_arquivo', 'nr_linha'],
        partitioned_by=['month(dt_pagamento)'],
    )
}}

with

files as (
    select * from {{ ref('cards_files') }}
),

{{ cards_versions(
    staged=ref('stg_cards__payments'),
    entity='tb_pagamentos',
    key='id_pagamento',
    date='dt_pagamento',
    content=['id_fatura', 'id_cliente', 'dt_pagamento', 'vl_pagamento'],
) }},

final as (
    select
        id_pagamento,
        cast(nr_versao as integer) as nr_versao,
        ds_situacao,
        id_fatura,
        id_cliente,
        dt_pagamento,
        vl_pagamento,
        cast(ts_recebimento as timestamp(6)) as ts_recebimento,
        cast(ts_substituicao as timestamp(6)) as ts_substituicao,
        id_arquivo,
        nr_linha,
        cast(nr_carga as bigint) as nr_carga
    from changed
)

select * from final
