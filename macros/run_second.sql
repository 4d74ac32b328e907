{% macro run_second() -%}
    {{ return(run_started_at.timestamp() | int) }}
{%- endmacro %}
