-- In the cash market, money by quantity lies between the lowest and the highest unit price, give or take one per
-- cent (odd papers of the real files are off by a third of that): were a price off by its quote factor, it would not.
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
    and vl_volume not between vl_minimo * qt_titulos * 0.99 - 1 and vl_maximo * qt_titulos * 1.01 + 1
