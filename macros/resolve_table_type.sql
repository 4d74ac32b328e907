{% macro resolve_table_type() -%}
    {{ return(config.get('table_type', default='iceberg') | lower) }}
{%- endmacro %}
