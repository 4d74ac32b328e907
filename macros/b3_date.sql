{% macro b3_date(field) -%}
    try_cast(
        case
            when not regexp_like(trim({{ field }}), '^[0-9]{2}/[0-9]{2}/[0-9]{4}$') then null
            when language = 'pt-br' then regexp_replace(trim({{ field }}), '^(..)/(..)/(....)$', '$3-$2-$1')
            when language = 'en-us' then regexp_replace(trim({{ field }}), '^(..)/(..)/(....)$', '$3-$1-$2')
        end
        as date
    )
{%- endmacro %}
