{% macro cards_book_columns() -%}
    {%- for variable in cards_variables() if variable.published %}
        {%- for months in variable.windows or [none] %}
        {{ cards_variable_column(variable, months) }}{% if not loop.last %},{% endif %}
        {%- endfor %}
        {%- if not loop.last %},{% endif %}
    {%- endfor %}
{%- endmacro %}
