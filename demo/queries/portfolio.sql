select
    ds_janela as "window",
    total_clientes as customers,
    total_faturas as invoices,
    cast(valor_total_faturas / 1000000 as decimal(18, 2)) as "R$ m",
    percentual_valor_pago as paid,
    percentual_pagamento_prazo as "on time",
    percentual_inadimplencia as "below minimum",
    cast(media_dias_atraso as decimal(9, 1)) as "days late",
    cast(valor_inadimplente / 1000000 as decimal(18, 2)) as "overdue R$ m"
from finlake_refined.cards_portfolio_book
where safra = (select max(newest.safra) from finlake_refined.cards_portfolio_book as newest)
order by total_faturas
