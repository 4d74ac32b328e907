{% macro cards_inclinacao(quantity, months_back, months_back_squares, total, total_months_back) -%}
    {{ cards_ratio(
        months_back ~ ' * ' ~ total ~ ' - ' ~ quantity ~ ' * ' ~ total_months_back,
        '(' ~ quantity ~ ' * ' ~ months_back_squares ~ ' - ' ~ months_back ~ ' * ' ~ months_back ~ ')',
        'decimal(18,2)'
    ) }}
{%- endmacro %}
