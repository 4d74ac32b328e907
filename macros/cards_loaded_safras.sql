{% macro cards_loaded_safras(relation) -%}
    select
        date_add('month', partition.dt_referencia_month, timestamp '1970-01-01 00:00:00') as dt_mes,
        data.nr_carga.max as nr_carga
    from "{{ relation.database }}"."{{ relation.schema }}"."{{ relation.identifier }}$partitions"
{%- endmacro %}
