{% macro cards_bin(value) -%}
    case
        when {{ value }} is null then -1000
        when {{ value }} = 0 then 0
        else cast(sign({{ value }}) * (500 + floor(2 * log2(abs(cast({{ value }} as double))))) as integer)
    end
{%- endmacro %}
