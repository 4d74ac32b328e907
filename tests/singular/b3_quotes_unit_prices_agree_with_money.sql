-- Money by quantity lies between the lowest and the highest price in the cash market: if a price were off by its quote
-- factor, it would not. One price step of tolerance, since the source truncates; warrants of less than R$ 0.01 aside.
{{ config(severity='warn') }}

with

quotes as (
    select * from {{ ref('b3_quotes') }}
)

select
    dt_ref,
    ticker,
    vl_minimo,
    vl_maximo,
    vl_volume,
    qt_titulos
from quotes
where
    nr_carga = (select max(newest.nr_carga) from quotes as newest)
    and cd_mercado = '010'
    and qt_titulos > 0
    and (
        vl_volume < (vl_minimo - 0.01) * qt_titulos - 1
        or vl_volume > (vl_maximo + 0.01) * qt_titulos + 1
    )
