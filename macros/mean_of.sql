{% macro mean_of(series) -%}
    reduce(
        {{ series }},
        cast(0 as double),
        (total, value) -> total + value,
        total -> total / nullif(cardinality({{ series }}), 0)
    )
{%- endmacro %}
