with

portfolio_monthly as (
    select * from {{ ref('cards_portfolio_monthly') }}
)

select
    portfolio_monthly.safra,
    bars.ds_faixa,
    bars.qt_clientes,
    bars.pc_clientes,
    bars.vl_em_atraso
from portfolio_monthly
cross join
    unnest(
        array[0, 1, 2, 3, 4],
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
    ) as bars (nr_faixa, ds_faixa, qt_clientes, pc_clientes, vl_em_atraso)
where portfolio_monthly.safra = (select max(latest.safra) from portfolio_monthly as latest)
order by bars.nr_faixa asc
