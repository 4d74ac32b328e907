{% macro cards_coeficiente_variacao(quantity, total, squares) -%}
    case
        when {{ quantity }} > 1 and {{ total }} > 0
            then
                sqrt(
                    cast({{ quantity }} * {{ squares }} - {{ total }} * {{ total }} as double)
                    / ({{ quantity }} * ({{ quantity }} - 1))
                ) * {{ quantity }} / cast({{ total }} as double)
    end
{%- endmacro %}
