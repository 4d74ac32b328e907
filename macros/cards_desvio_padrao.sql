{% macro cards_desvio_padrao(quantity, total, squares) -%}
    {#- Exact up to the root; eight decimals first, so that what is a half of a cent is not a hair less. -#}
    case
        when {{ quantity }} > 1
            then cast(
                sqrt(
                    cast({{ quantity }} * {{ squares }} - {{ total }} * {{ total }} as double)
                    / ({{ quantity }} * ({{ quantity }} - 1))
                ) as decimal(28, 8)
            )
    end
{%- endmacro %}
