{% macro run_date() -%}
    {%- set given = var('run_date', none) -%}
    {{ return("date '" ~ given ~ "'" if given else 'current_date') }}
{%- endmacro %}
