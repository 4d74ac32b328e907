with

portfolio_monthly as (
    select * from {{ ref('cards_portfolio_monthly') }}
)

select
    portfolio_monthly.safra,
    buckets.ds_faixa,
    buckets.qt_clientes,
    buckets.pc_clientes,
    buckets.vl_em_atraso
from portfolio_monthly
cross join unnest(
    array['em dia', '1-30', '31-60', '61-90', '90+'],
    array[
        portfolio_monthly.qt_clientes_em_dia,
        portfolio_monthly.qt_clientes_1_30,
        portfolio_monthly.qt_clientes_31_60,
        portfolio_monthly.qt_clientes_61_90,
        portfolio_monthly.qt_clientes_acima_90
    ],
    array[
        portfolio_monthly.pc_clientes_em_dia,
        portfolio_monthly.pc_clientes_1_30,
        portfolio_monthly.pc_clientes_31_60,
        portfolio_monthly.pc_clientes_61_90,
        portfolio_monthly.pc_clientes_acima_90
    ],
    array[
        portfolio_monthly.vl_em_atraso_em_dia,
        portfolio_monthly.vl_em_atraso_1_30,
        portfolio_monthly.vl_em_atraso_31_60,
        portfolio_monthly.vl_em_atraso_61_90,
        portfolio_monthly.vl_em_atraso_acima_90
    ]
) with ordinality as buckets (ds_faixa, qt_clientes, pc_clientes, vl_em_atraso, nr_ordem)
where portfolio_monthly.safra = (select max(latest.safra) from portfolio_monthly as latest)
order by buckets.nr_ordem asc
