{% macro yyyymmdd(field) -%}
    try_cast(
        substr({{ field }}, 1, 4) || '-' || substr({{ field }}, 5, 2) || '-' || substr({{ field }}, 7, 2)
        as date
    )
{%- endmacro %}
