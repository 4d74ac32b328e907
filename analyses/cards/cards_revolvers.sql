with

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
),

labelled as (
    select
        *,
        case
            when pc_rotativo_u6m is null then 'nothing due'
            when pc_abaixo_minimo_u6m > 0.5 then 'mostly below the minimum'
            when pc_rotativo_u6m > 0.5 then 'mostly revolves'
            when pc_pago_total_u6m > 0.5 then 'mostly pays in full'
            else 'mixed'
        end as ds_uso
    from invoice_book
    where safra = (select max(latest.safra) from invoice_book as latest)
)

select
    ds_uso,
    count(*) as qt_clientes,
    sum(vl_fatura_total_u6m) as vl_faturado,
    sum(vl_em_aberto_u6m) as vl_em_aberto,
    sum(vl_em_atraso_u6m) as vl_em_atraso
from labelled
group by ds_uso
order by qt_clientes desc
