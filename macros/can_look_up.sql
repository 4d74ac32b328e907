{% macro can_look_up(relations) -%}
    {%- if not execute -%}
        {{ return(false) }}
    {%- endif -%}
    {%- for relation in relations if load_relation(relation) is none -%}
        {{ return(false) }}
    {%- endfor -%}
    {{ return(true) }}
{%- endmacro %}
