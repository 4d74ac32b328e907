{% macro cards_date(field) -%}
    try_cast(
        case
            when date_form = 'iso' and regexp_like(trim({{ field }}), '^[0-9]{4}-[0-9]{2}-[0-9]{2}$')
                then trim({{ field }})
            when date_form = 'dmy' and regexp_like(trim({{ field }}), '^[0-9]{2}/[0-9]{2}/[0-9]{4}$')
                then regexp_replace(trim({{ field }}), '^(..)/(..)/(....)$', '$3-$2-$1')
        end
        as date
    )
{%- endmacro %}
