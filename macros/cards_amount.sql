{% macro cards_amount(field) -%}
    try_cast(
        case
            when decimal_mark = '.' and regexp_like(trim({{ field }}), '^-?[0-9]+([.][0-9]{1,2})?$')
                then trim({{ field }})
            when decimal_mark = ',' and regexp_like(trim({{ field }}), '^-?[0-9]+(,[0-9]{1,2})?$')
                then replace(trim({{ field }}), ',', '.')
        end
        as decimal(18, 2)
    )
{%- endmacro %}
