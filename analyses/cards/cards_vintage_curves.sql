with

vintages as (
    select * from {{ ref('cards_vintages') }}
)

select
    dt_mes_emissao,
    max(qt_faturas) as qt_faturas,
    {%- for months in range(1, 7) %}
    max(case when qt_meses_desde_emissao = {{ months }} then pc_ever30 end) as pc_ever30_mes_{{ months }},
    {%- endfor %}
    max(case when qt_meses_desde_emissao = 11 then pc_over90 end) as pc_over90_mes_11,
    max(case when qt_meses_desde_emissao = 11 then pc_pago end) as pc_pago_mes_11
from vintages
group by dt_mes_emissao
order by dt_mes_emissao asc
