{% macro cards_meses_distintos(months) -%}
    bit_count({{ months }}, 64)
{%- endmacro %}
