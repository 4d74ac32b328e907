with

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
)

select
    least(qt_regularizacoes, 3) as qt_regularizacoes_ate_3,
    count(*) as qt_clientes,
    count_if(vl_em_atraso_u12m > 0) as qt_em_atraso_hoje,
    cast(cast(count_if(vl_em_atraso_u12m > 0) as decimal(18, 8)) / count(*) as decimal(18, 8)) as pc_em_atraso_hoje,
    max(qt_dpd_max_ever) as qt_dpd_max_ever
from invoice_book
where
    safra = (select max(latest.safra) from invoice_book as latest)
    and qt_dpd_max_ever > 0
group by least(qt_regularizacoes, 3)
order by qt_regularizacoes_ate_3 asc
