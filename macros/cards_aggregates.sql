{% macro cards_aggregates() -%}
    {%- for variable in cards_variables() if variable.kind == 'aggregate' %}
        {%- for months in variable.windows %}
        {{ variable.formula }}{% if months < 12 %} filter (where qt_meses_desde_emissao < {{ months }}){% endif %} as {{ variable.name }}_u{{ months }}m
            {%- if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
