{% macro cards_densidade(months, window) -%}
    {{ cards_ratio('bit_count(' ~ months ~ ', 64)', window, 'decimal(18,8)') }}
{%- endmacro %}
