{{
    config(
        materialized='incremental',
        incremental_strategy='append',
    )
}}

{%- set entities = ['index_levels', 'index_portfolio', 'corporate_actions'] %}
{%- set new = new_files('b3', entities) %}

with

files as (
    {{ new.query }}
),

index_levels as (
    select * from {{ ref('stg_b3__index_levels') }}
    where {{ new.is_of_them }}
),

index_portfolio as (
    select * from {{ ref('stg_b3__index_portfolio') }}
    where {{ new.is_of_them }}
),

corporate_actions as (
    select * from {{ ref('stg_b3__corporate_actions') }}
    where {{ new.is_of_them }}
),

load as (
    {{ new_load() }}
),

all_lines as (
    {%- for entity in entities %}
    select
        id_arquivo,
        ds_motivo_recusa
    from {{ entity }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
),

counted as (
    select
        id_arquivo,
        count_if(ds_motivo_recusa is null) as qt_validas,
        count_if(ds_motivo_recusa is not null) as qt_recusadas
    from all_lines
    group by id_arquivo
),

-- where this statement reads the control table itself, a file that was landed meanwhile has no lines here: it is the
-- next run's to read; a company without any action has none either, and is known by its count
final as (
    select
        files.id_arquivo,
        files.ds_entidade,
        files.ds_arquivo,
        cast(files.ts_recebimento as timestamp(6)) as ts_recebimento,
        files.qt_linhas,
        coalesce(counted.qt_validas, 0) as qt_validas,
        coalesce(counted.qt_recusadas, 0) as qt_recusadas,
        cast(load.nr_carga as bigint) as nr_carga
    from files
    left join counted
        on files.id_arquivo = counted.id_arquivo
    cross join load
    where
        counted.id_arquivo is not null
        or files.qt_linhas = 0
)

select * from final
