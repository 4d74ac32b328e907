{% macro cards_before(column, safras) -%}
    {%- if safras -%}
        {{ column }} = date '{{ modules.datetime.date.fromisoformat(safras[0]['dt_referencia']).replace(day=1)
            - modules.datetime.timedelta(days=1) }}'
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
