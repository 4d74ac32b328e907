{% macro stale(expected, loads) -%}
    {%- if is_incremental() -%}
        select * from {{ expected }} where nr_carga > {{ own_load(loads) }}
    {%- else -%}
        select * from {{ expected }}
    {%- endif -%}
{%- endmacro %}
