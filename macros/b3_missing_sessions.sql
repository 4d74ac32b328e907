{% macro b3_missing_sessions(expected, named=10) -%}
    {%- if not can_look_up([expected]) -%}
        {{ return([]) }}
    {%- endif -%}

    {%- set missing = run_query(
        "select cast(dt_ref as varchar) || case ds_situacao when 'missing' then '' else ' (' || ds_situacao || ')' end"
        ~ " from " ~ expected ~ " where ds_situacao in ('missing', 'unexpected') order by dt_ref desc"
    ).columns[0].values() | list -%}
    {%- if missing | length > named -%}
        {{ return(missing[:named] + ['and ' ~ (missing | length - named) ~ ' before']) }}
    {%- endif -%}
    {{ return(missing) }}
{%- endmacro %}
