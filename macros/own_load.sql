{% macro own_load(loads) -%}
    {{ return(latest_load(this, loads)) }}
{%- endmacro %}
