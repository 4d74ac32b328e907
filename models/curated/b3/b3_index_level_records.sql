{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        partitioned_by=['year(dt_ref)'],
    )
}}

with

{{ b3_answer_records(staged=ref('stg_b3__index_levels'), entity='index_levels') }},

final as (
    select
        records.cd_indice,
        records.dt_ref,
        records.vl_nivel,
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
