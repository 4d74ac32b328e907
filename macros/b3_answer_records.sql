{% macro b3_answer_records(staged, entity) -%}
{%- set ledger = ref('b3_answer_files') -%}
{%- set expected -%}
    (
        select
            id_arquivo,
            nr_carga
        from {{ ledger }}
        where
            ds_entidade = '{{ entity }}'
            and qt_validas > 0
    )
{%- endset -%}
{%- set new_files = stale(expected, loads=ledger) -%}
files as (
    {{ new_files }}
),

records as (
    select * from {{ staged }}
    where {{ one_of('id_arquivo', 'select id_arquivo from (' ~ new_files ~ ')', reads=[ledger]) }}
)
{%- endmacro %}
