{% macro smoothed(series, periods, weight) -%}
    if(
        cardinality({{ series }}) >= {{ periods }},
        reduce(
            slice({{ series }}, {{ periods + 1 }}, cardinality({{ series }})),
            {{ mean_of('slice(' ~ series ~ ', 1, ' ~ periods ~ ')') }},
            (mean, value) -> mean + {{ weight }} * (value - mean),
            mean -> mean
        )
    )
{%- endmacro %}
