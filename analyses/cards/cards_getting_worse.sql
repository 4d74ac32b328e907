with

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
)

select
    id_cliente,
    pc_tendencia_razao_paga,
    pc_tendencia_fatura,
    pc_pago_u3m,
    pc_pago_u12m,
    qt_atrasos_consecutivos,
    qt_agravamentos,
    vl_em_aberto_u12m
from invoice_book
where
    safra = (select max(latest.safra) from invoice_book as latest)
    and qt_meses_com_fatura_u12m >= 6
    and pc_tendencia_razao_paga < 0.7
    and pc_tendencia_fatura > 1
order by vl_em_aberto_u12m desc
limit 50
