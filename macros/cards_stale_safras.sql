{% macro cards_stale_safras(source) -%}
    {%- set facts = ref('cards_fact_months') -%}
    {%- if not can_look_up([facts, source]) -%}
        {{ return([]) }}
    {%- endif -%}
    {#- What changes a month changes those after it: a month is of the newest load among it and those before. -#}
    {%- set expected -%}
        (
            select
                months.dt_mes,
                max(facts.nr_carga) over (order by months.dt_mes) as nr_carga
            from (
                select sequence(
                    date_parse(cast(min(safra) as varchar), '%Y%m'),
                    date_parse(cast(max(safra) as varchar), '%Y%m'),
                    interval '1' month
                ) as lista
                from {{ facts }}
            )
            cross join unnest(lista) as months (dt_mes)
            left join {{ facts }} as facts
                on year(months.dt_mes) * 100 + month(months.dt_mes) = facts.safra
        )
    {%- endset -%}
    {%- set found = run_query(
        'select year(dt_mes) * 100 + month(dt_mes),'
        ~ " cast(date_add('month', -11, cast(dt_mes as date)) as varchar),"
        ~ ' cast(last_day_of_month(cast(dt_mes as date)) as varchar), nr_carga'
        ~ ' from (' ~ stale(expected, loads=facts) ~ ')'
        ~ ' where nr_carga <= ' ~ latest_load(source, facts)
        ~ ' order by 1'
    ) -%}
    {%- set safras = [] -%}
    {%- for row in found.rows -%}
        {%- do safras.append(
            {'safra': row[0] | int, 'dt_inicio': row[1], 'dt_referencia': row[2], 'nr_carga': row[3] | int}
        ) -%}
    {%- endfor -%}
    {{ return(safras) }}
{%- endmacro %}
