{% macro cards_missing_files(expected) -%}
    {%- if not execute or load_relation(expected) is none -%}
        {{ return([]) }}
    {%- endif -%}

    {{ return(run_query(
        "select ds_entidade, date_format(dt_mes, '%Y%m'), cast(dt_esperada as varchar) from " ~ expected
        ~ " where ds_dominio = 'cards' and ds_situacao = 'missing' order by dt_mes, ds_entidade"
    ).rows) }}
{%- endmacro %}
