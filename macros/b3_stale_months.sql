{% macro b3_stale_months(ledger, held_by) -%}
    {%- set expected -%}
        (
            select
                cast(date_trunc('month', dt_ref) as date) as dt_mes,
                max(nr_carga) as nr_carga
            from {{ ledger }}
            where
                dt_ref is not null
                and nr_carga <= {{ latest_load(held_by, ledger) }}
            group by cast(date_trunc('month', dt_ref) as date)
        )
    {%- endset -%}
    {{ stale(expected, loads=ledger) }}
{%- endmacro %}
