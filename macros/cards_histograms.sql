{% macro cards_histograms() -%}
    {%- for variable in cards_variables() if variable.published %}
        {%- for months in variable.windows or [none] %}
            {%- set name = variable.name ~ ('_u' ~ months ~ 'm' if months else '') %}
        histogram({{ cards_bin('cast(' ~ name ~ ' as integer)' if variable.type == 'boolean' else name, variable.unit) }}) as {{ name }}{% if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
