-- A month's file that is past its day is told by name: its rows are what the other month's tables lack.
{{ config(severity='warn') }}

{%- set missing = cards_missing_files(ref('ops_expected_files')) %}
{%- if missing %}
{%- do exceptions.warn('Not here and past their day: ' ~ missing | join(', ') ~ '. All of them are in ops_expected_files.') %}
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
