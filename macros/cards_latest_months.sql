{% macro cards_latest_months(files, entity, counted) -%}
    select max(dt_mes) as dt_mes
    from {{ files }}
    where {{ counted }} > 0
    {%- if entity %}
        and ds_entidade = '{{ entity }}'
    {%- endif %}
    group by nr_carga
    order by nr_carga desc
    limit 2
{%- endmacro %}
