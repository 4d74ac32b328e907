{% macro cards_desvio_padrao(quantity, total, squares) -%}
    {#- The root is of whole hundredths squared, so that a half is a half: the type of the column rounds, once. -#}
    case
        when {{ quantity }} > 1
            then
                sqrt(
                    round(10000 * cast({{ quantity }} * {{ squares }} - {{ total }} * {{ total }} as double))
                    / ({{ quantity }} * ({{ quantity }} - 1))
                ) / 100
    end
{%- endmacro %}
