{% macro stale(expected, key) -%}
    {%- if not is_incremental() -%}
        select * from {{ expected }}
    {%- else -%}
        select expected.*
        from {{ expected }} as expected
        left join (
            select
                {{ key }},
                max(nr_carga) as nr_carga
            from {{ this }}
            group by {{ key }}
        ) as loaded
            on expected.{{ key }} = loaded.{{ key }}
        where expected.nr_carga is distinct from loaded.nr_carga
    {%- endif -%}
{%- endmacro %}
