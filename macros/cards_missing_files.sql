{% macro cards_missing_files(expected, named=12) -%}
    {%- if not can_look_up([expected]) -%}
        {{ return([]) }}
    {%- endif -%}

    {%- set missing = run_query(
        "select ds_entidade || '_' || date_format(dt_mes, '%Y%m') || '.csv' from " ~ expected
        ~ " where ds_dominio = 'cards' and ds_situacao = 'missing' order by dt_mes desc, ds_entidade"
    ).columns[0].values() | list -%}
    {%- if missing | length > named -%}
        {{ return(missing[:named] + ['and ' ~ (missing | length - named) ~ ' of months before']) }}
    {%- endif -%}
    {{ return(missing) }}
{%- endmacro %}
