{% macro cards_book_names(relation) -%}
    {%- for variable in cards_variables() if variable.published %}
        {%- for months in variable.windows or [none] %}
        {{ relation }}.{{ variable.name }}{{ '_u' ~ months ~ 'm' if months }}{% if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
