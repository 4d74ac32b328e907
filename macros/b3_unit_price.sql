{% macro b3_unit_price(field) -%}
    cast(
        try_cast({{ field }} as decimal(21, 8)) / (100 * nullif(try_cast(fatcot as bigint), 0))
        as decimal(19, 8)
    )
{%- endmacro %}
