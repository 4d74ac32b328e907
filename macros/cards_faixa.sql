{% macro cards_faixa(days) -%}
    case
        when {{ days }} > 90 then 4
        when {{ days }} > 60 then 3
        when {{ days }} > 30 then 2
        when {{ days }} > 0 then 1
        else 0
    end
{%- endmacro %}
