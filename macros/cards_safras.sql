{% macro cards_safras(safras) -%}
    select
        cast(safra as integer) as safra,
        date(dt_inicio) as dt_inicio,
        cast(date_trunc('month', date(dt_referencia)) as date) as dt_mes,
        date(dt_referencia) as dt_referencia,
        cast(nr_carga as bigint) as nr_carga
    from (
        values
        {%- for one in safras or [{'safra': 0, 'dt_inicio': '1970-01-01', 'dt_referencia': '1970-01-31', 'nr_carga': 0}] %}
            ({{ one.safra }}, '{{ one.dt_inicio }}', '{{ one.dt_referencia }}', {{ one.nr_carga }}){{ ',' if not loop.last }}
        {%- endfor %}
    ) as lista (safra, dt_inicio, dt_referencia, nr_carga)
    {%- if not safras %}
    where false
    {%- endif %}
{%- endmacro %}
