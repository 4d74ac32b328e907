with

portfolio_monthly as (
    select * from {{ ref('cards_portfolio_monthly') }}
)

select
    safra,
    qt_clientes_do_mes_anterior,
    pc_rolagem_em_dia_para_1_30,
    pc_rolagem_1_30_para_31_60,
    pc_rolagem_31_60_para_61_90,
    pc_rolagem_61_90_para_acima_90,
    pc_rolagem_1_30_para_em_dia,
    pc_rolagem_31_60_para_em_dia,
    pc_rolagem_61_90_para_em_dia,
    pc_rolagem_acima_90_para_em_dia,
    pc_rolagem_acima_90_para_saida
from portfolio_monthly
order by safra asc
