with

portfolio_book as (
    select * from {{ ref('cards_portfolio_book') }}
)

select
    ds_janela,
    total_clientes,
    total_faturas,
    valor_total_faturas,
    valor_total_pagamentos,
    percentual_valor_pago,
    percentual_pagamento_prazo,
    percentual_inadimplencia,
    media_dias_atraso,
    valor_inadimplente
from portfolio_book
where safra = (select max(latest.safra) from portfolio_book as latest)
order by total_faturas asc
