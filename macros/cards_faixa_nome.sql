{% macro cards_faixa_nome(bucket) -%}
    element_at(split('em_dia,1-30,31-60,61-90,90+', ','), {{ bucket }} + 1)
{%- endmacro %}
