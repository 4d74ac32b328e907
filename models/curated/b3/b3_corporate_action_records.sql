{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        partitioned_by=['year(dt_ultimo_com)'],
    )
}}

with

{{ b3_answer_records(staged=ref('stg_b3__corporate_actions'), entity='corporate_actions') }},

final as (
    select
        records.ds_secao,
        records.cd_empresa,
        records.cd_isin,
        records.ds_classe,
        records.ds_evento,
        records.dt_aprovacao,
        records.dt_ultimo_com,
        records.dt_pagamento,
        records.ds_periodo,
        records.vl_provento,
        records.qt_fator,
        records.pc_subscricao,
        records.vl_subscricao,
        records.vl_fechamento_com,
        cast(records.ts_recebimento as timestamp(6)) as ts_recebimento,
        records.id_arquivo,
        records.nr_linha,
        files.nr_carga
    from records
    inner join files
        on records.id_arquivo = files.id_arquivo
    where records.ds_motivo_recusa is null
)

select * from final
