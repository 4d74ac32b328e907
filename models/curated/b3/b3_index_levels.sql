{{ config(materialized='view') }}

with

index_level_versions as (
    select * from {{ ref('b3_index_level_versions') }}
),

final as (
    select
        cd_indice,
        dt_ref,
        vl_nivel,
        nr_versao,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga
    from index_level_versions
    where ds_situacao = 'current'
)

select * from final
