with

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
)

select
    id_cliente,
    vl_em_atraso_u12m,
    vl_over30_u12m,
    qt_dpd_max_u12m,
    qt_abaixo_minimo_u12m,
    qt_meses_desde_ultimo_pagamento,
    pc_pago_u12m
from invoice_book
where
    safra = (select max(latest.safra) from invoice_book as latest)
    and vl_em_atraso_u12m > 0
order by vl_em_atraso_u12m desc
limit 50
