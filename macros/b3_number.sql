{% macro b3_number(field, data_type) -%}
    try_cast(
        case
            when language = 'pt-br' and regexp_like(trim({{ field }}), '^-?([0-9]+|[1-9][0-9]{0,2}([.][0-9]{3})+)(,[0-9]+)?$')
                then replace(replace(trim({{ field }}), '.', ''), ',', '.')
            when language = 'en-us' and regexp_like(trim({{ field }}), '^-?([0-9]+|[1-9][0-9]{0,2}(,[0-9]{3})+)([.][0-9]+)?([eE]-?[0-9]+)?$')
                then replace(trim({{ field }}), ',', '')
        end
        as {{ data_type }}
    )
{%- endmacro %}
