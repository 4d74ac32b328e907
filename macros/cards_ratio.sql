{% macro cards_ratio(numerator, denominator, data_type) -%}
    {%- set scale = data_type.split(',')[1] | replace(')', '') | trim -%}
    cast(cast({{ numerator }} as decimal(38, {{ scale }})) / nullif({{ denominator }}, 0) as {{ data_type }})
{%- endmacro %}
