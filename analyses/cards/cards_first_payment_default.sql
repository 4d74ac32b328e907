with

invoice_book as (
    select * from {{ ref('cards_invoice_book') }}
),

-- each customer in the first month in which the default can be known
judged as (
    select
        id_cliente,
        min(date_add('month', 1 - cast(qt_meses_relacionamento as integer), dt_referencia)) as dt_inicio,
        bool_or(fl_fpd) as fl_fpd
    from invoice_book
    where fl_fpd_maduro
    group by id_cliente
)

select
    date_format(dt_inicio, '%Y%m') as ds_mes_de_inicio,
    count(*) as qt_clientes,
    count_if(fl_fpd) as qt_fpd,
    cast(cast(count_if(fl_fpd) as decimal(18, 8)) / count(*) as decimal(18, 8)) as pc_fpd
from judged
group by date_format(dt_inicio, '%Y%m')
order by ds_mes_de_inicio asc
