{% macro cards_within(column, safras, months=12) -%}
    {%- if not safras -%}
        false
    {%- else -%}
        {%- set first = modules.datetime.date.fromisoformat(safras[0]['dt_referencia']) -%}
        {%- set count = first.year * 12 + first.month - months -%}
        {{ column }} between date '{{ '%04d-%02d-01' % (count // 12, count % 12 + 1) }}' and date '{{ safras[-1]['dt_referencia'] }}'
    {%- endif -%}
{%- endmacro %}
