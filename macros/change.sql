{% macro change(value, base) -%}
    cast(cast({{ value }} as decimal(28, 12)) / nullif({{ base }}, 0) - 1 as decimal(28, 8))
{%- endmacro %}
