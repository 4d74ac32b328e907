{% macro cards_stale_safras(source, accumulate=false) -%}
    {%- if not can_look_up([source]) -%}
        {{ return([]) }}
    {%- endif -%}
    {%- set expected -%}
        {%- if accumulate -%}
            select
                months.dt_mes,
                max(facts.nr_carga) over (order by months.dt_mes) as nr_carga
            from (
                select sequence(
                    date_parse(cast(min(safra) as varchar), '%Y%m'),
                    date_parse(cast(max(safra) as varchar), '%Y%m'),
                    interval '1' month
                ) as lista
                from {{ source }}
            )
            cross join unnest(lista) as months (dt_mes)
            left join {{ source }} as facts
                on year(months.dt_mes) * 100 + month(months.dt_mes) = facts.safra
        {%- else -%}
            {{ cards_loaded_safras(source) }}
        {%- endif -%}
    {%- endset -%}
    {%- set loaded -%}
        {%- if is_incremental() -%}
            {{ cards_loaded_safras(this) }}
        {%- else -%}
            select cast(null as timestamp) as dt_mes, cast(null as bigint) as nr_carga where false
        {%- endif -%}
    {%- endset -%}
    {#- A month that nobody wrote because nobody was there is stale when a later load has touched it. -#}
    {%- set found = run_query(
        'with expected as (' ~ expected ~ '), loaded as (' ~ loaded ~ '),'
        ~ ' whole as (select max(dt_mes) as dt_mes, max(nr_carga) as nr_carga from loaded),'
        ~ ' stale as (select expected.dt_mes from expected cross join whole'
        ~ ' left join loaded on expected.dt_mes = loaded.dt_mes'
        ~ ' where expected.nr_carga is not null and case'
        ~ ' when loaded.nr_carga is not null then expected.nr_carga != loaded.nr_carga'
        ~ ' else coalesce(expected.dt_mes > whole.dt_mes or expected.nr_carga > whole.nr_carga, true) end)'
        ~ ' select year(dt_mes) * 100 + month(dt_mes),'
        ~ " cast(date_add('month', -11, cast(dt_mes as date)) as varchar),"
        ~ ' cast(last_day_of_month(cast(dt_mes as date)) as varchar), nr_carga'
        ~ ' from expected where nr_carga is not null and dt_mes '
        ~ ('>= (select min(dt_mes) from stale)' if accumulate else 'in (select dt_mes from stale)')
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
