{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- set layer = custom_schema_name | trim if custom_schema_name else none -%}
    {%- set published = ['cashflow'] -%}
    {%- if layer is none -%}
        {{ target.schema }}
    {%- elif layer in published and target.schema == var('production_schema') -%}
        {{ layer }}
    {%- else -%}
        {{ target.schema }}_{{ layer }}
    {%- endif -%}
{%- endmacro %}
