{% macro cards_among(column, safras) -%}
    {%- if safras -%}
        {{ column }} in (date '{{ safras | map(attribute='dt_referencia') | join("', date '") }}')
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
