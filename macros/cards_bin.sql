{% macro cards_bin(value, unit) -%}
    case
        when {{ value }} is null then -1000
        when {{ value }} = 0 then 0
        {%- if unit == 'razão' %}
        else cast(sign({{ value }}) * (1 + floor(10 * least(abs({{ value }}), 10))) as integer)
        {%- else %}
        else cast(sign({{ value }}) * (500 + floor(2 * log2(abs(cast({{ value }} as double))))) as integer)
        {%- endif %}
    end
{%- endmacro %}
