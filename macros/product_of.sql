{% macro product_of(series) -%}
    reduce({{ series }}, cast(1 as double), (product, value) -> product * value, product -> product)
{%- endmacro %}
