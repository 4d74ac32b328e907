-- A month's file that is past its day is told by name: its rows are what the other month's tables lack.
{{ config(severity='warn') }}

{%- for entity, month, day in cards_missing_files(ref('ops_expected_files')) %}
{%- do exceptions.warn(entity ~ '_' ~ month ~ '.csv has not come; it was expected by ' ~ day ~ '.') %}
{%- endfor %}

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
