{{ config(materialized='view') }}

with

index_level_records as (
    select * from {{ ref('b3_index_level_records') }}
),

-- a record that says what the one before it said makes no version
compared as (
    select
        *,
        vl_nivel is distinct from lag(vl_nivel) over (
            partition by cd_indice, dt_ref
            order by ts_recebimento, id_arquivo
        ) as fl_versao
    from index_level_records
),

numbered as (
    select
        *,
        count_if(fl_versao) over (
            partition by cd_indice, dt_ref
            order by ts_recebimento, id_arquivo
            rows between unbounded preceding and current row
        ) as nr_versao,
        count_if(fl_versao) over (partition by cd_indice, dt_ref) as qt_versoes
    from compared
),

final as (
    select
        cd_indice,
        dt_ref,
        nr_versao,
        case
            when not fl_versao then 'duplicate'
            when nr_versao < qt_versoes then 'superseded'
            else 'current'
        end as ds_situacao,
        vl_nivel,
        ts_recebimento,
        id_arquivo,
        nr_linha,
        nr_carga
    from numbered
)

select * from final
