{% macro deviations(products, sum_x, sum_y, rows) -%}
    {{ products }} - cast({{ sum_x }} as decimal(18, 12)) * cast({{ sum_y }} as decimal(18, 12)) / {{ rows }}
{%- endmacro %}
