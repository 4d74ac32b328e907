{% macro b3_stale_sessions(held_by=none) -%}
    {%- set loads = ref('b3_indicator_loads') -%}
    {%- set expected -%}
        (
            select
                dt_ref,
                max(nr_carga) as nr_carga
            from {{ loads }}
            {%- if held_by %}
            where nr_carga <= {{ latest_load(held_by, loads) }}
            {%- endif %}
            group by dt_ref
        )
    {%- endset -%}
    {{ stale(expected, loads=loads) }}
{%- endmacro %}
