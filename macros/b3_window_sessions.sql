{% macro b3_window_sessions(stale_sessions) -%}
    {%- set loads = ref('b3_indicator_loads') -%}
    select reached.dt_ref
    from (
        select
            calendar.dt_ref,
            min(written.dt_ref) over (
                order by calendar.dt_ref rows between current row and unbounded following
            ) as dt_a_gravar
        from (select distinct dt_ref from {{ loads }}) as calendar
        left join ({{ stale_sessions }}) as written
            on calendar.dt_ref = written.dt_ref
    ) as reached
    where reached.dt_a_gravar <= date_add('day', {{ var('b3_reach_days') }}, reached.dt_ref)
{%- endmacro %}
