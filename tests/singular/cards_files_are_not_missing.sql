-- A month's file that is past its day is told by name: its rows are what the other month's tables lack.
{{ config(severity='warn') }}

{%- set expected = ref('ops_expected_files') %}
{%- if execute and load_relation(expected) is not none %}
    {%- set missing = run_query(
        'select ds_entidade, cast(dt_mes as varchar), cast(dt_esperada as varchar) from ' ~ expected
        ~ " where ds_situacao = 'missing' order by dt_mes, ds_entidade"
    ) %}
    {%- for entity, month, day in missing.rows %}
        {%- set name = entity ~ '_' ~ month[:4] ~ month[5:7] ~ '.csv' %}
        {%- do exceptions.warn(name ~ ' has not come; it was expected by ' ~ day ~ '.') %}
    {%- endfor %}
{%- endif %}

with

expected_files as (
    select * from {{ ref('ops_expected_files') }}
)

select
    ds_dominio,
    ds_entidade,
    dt_mes,
    dt_esperada
from expected_files
where ds_situacao = 'missing'
