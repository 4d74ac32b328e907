{% macro cards_histogram_names() -%}
    {%- set names = [] -%}
    {%- for variable in cards_variables() if variable.published -%}
        {%- for months in variable.windows or [none] -%}
            {%- do names.append(variable.name ~ ('_u' ~ months ~ 'm' if months else '')) -%}
        {%- endfor -%}
    {%- endfor -%}
    array['{{ names | join("', '") }}'],
            array[histograms.{{ names | join(', histograms.') }}]
{%- endmacro %}
