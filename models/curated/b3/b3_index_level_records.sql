{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        partitioned_by=['year(dt_ref)'],
    )
}}

{%- set ledger = ref('b3_answer_files') %}
{%- set expected -%}
    (
        select
            id_arquivo,
            nr_carga
        from {{ ledger }}
        where
            ds_entidade = 'index_levels'
            and qt_validas > 0
    )
{%- endset %}
{%- set new_files = stale(expected, loads=ledger) %}

with

files as (
    {{ new_files }}
),

index_levels as (
    select * from {{ ref('stg_b3__index_levels') }}
    where {{ one_of('id_arquivo', 'select id_arquivo from (' ~ new_files ~ ')', reads=[ledger]) }}
),

final as (
    select
        index_levels.cd_indice,
        index_levels.dt_ref,
        index_levels.vl_nivel,
        cast(index_levels.ts_recebimento as timestamp(6)) as ts_recebimento,
        index_levels.id_arquivo,
        index_levels.nr_linha,
        files.nr_carga
    from index_levels
    inner join files
        on index_levels.id_arquivo = files.id_arquivo
    where index_levels.ds_motivo_recusa is null
)

select * from final
