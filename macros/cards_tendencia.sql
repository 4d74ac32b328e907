{% macro cards_tendencia(total, quantity) -%}
    {{ cards_ratio(
        total ~ '_u3m * ' ~ quantity ~ '_u12m', '(' ~ quantity ~ '_u3m * ' ~ total ~ '_u12m)', 'decimal(28,8)'
    ) }}
{%- endmacro %}
