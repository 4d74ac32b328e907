{% macro new_load() -%}
    {%- if is_incremental() -%}
        select greatest({{ run_second() }}, coalesce(max(nr_carga), 0) + 1) as nr_carga from {{ this }}
    {%- else -%}
        select {{ run_second() }} as nr_carga
    {%- endif -%}
{%- endmacro %}
