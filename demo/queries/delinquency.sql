with

latest as (
    select *
    from finlake_refined.cards_portfolio_monthly
    where safra = (select max(newest.safra) from finlake_refined.cards_portfolio_monthly as newest)
)

select
    buckets.bucket,
    buckets.customers,
    cast(buckets.overdue / 1000000 as decimal(18, 2)) as "overdue R$ m",
    cast(buckets.customers as decimal(18, 4)) / latest.qt_clientes as share
from latest
cross join unnest(
    array['current', '1-30 days', '31-60', '61-90', 'over 90'],
    array[
        latest.qt_clientes_em_dia, latest.qt_clientes_1_30, latest.qt_clientes_31_60, latest.qt_clientes_61_90,
        latest.qt_clientes_acima_90
    ],
    array[
        latest.vl_em_atraso_em_dia, latest.vl_em_atraso_1_30, latest.vl_em_atraso_31_60, latest.vl_em_atraso_61_90,
        latest.vl_em_atraso_acima_90
    ]
) with ordinality as buckets (bucket, customers, overdue, ordinal)
order by buckets.ordinal
