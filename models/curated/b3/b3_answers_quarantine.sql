{{
    config(
        materialized='incremental',
        incremental_strategy='append',
    )
}}

{%- set ledger = ref('b3_answer_files') %}
{%- set expected -%}
    (
        select
            id_arquivo,
            ds_entidade,
            nr_carga
        from {{ ledger }}
        where qt_recusadas > 0
    )
{%- endset %}
{%- set faulty_files = stale(expected, loads=ledger) %}
{%- set is_faulty = one_of(
    'id_arquivo', 'select id_arquivo from (' ~ faulty_files ~ ')', reads=[ledger], at_first=true
) %}

with

files as (
    {{ faulty_files }}
),

index_levels as (
    select * from {{ ref('stg_b3__index_levels') }}
    where {{ is_faulty }}
),

index_portfolio as (
    select * from {{ ref('stg_b3__index_portfolio') }}
    where {{ is_faulty }}
),

corporate_actions as (
    select * from {{ ref('stg_b3__corporate_actions') }}
    where {{ is_faulty }}
),

refused as (
    {%- for entity in ['index_levels', 'index_portfolio', 'corporate_actions'] %}
    select
        id_arquivo,
        nr_linha,
        ds_arquivo,
        ds_motivo_recusa,
        ds_linha,
        ts_recebimento
    from {{ entity }}
    where ds_motivo_recusa is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

final as (
    select
        refused.id_arquivo,
        refused.nr_linha,
        files.ds_entidade,
        refused.ds_arquivo,
        refused.ds_motivo_recusa,
        refused.ds_linha,
        cast(refused.ts_recebimento as timestamp(6)) as ts_recebimento,
        files.nr_carga
    from refused
    inner join files
        on refused.id_arquivo = files.id_arquivo
)

select * from final
