with

market_daily as (
    select * from {{ ref('b3_market_daily') }}
)

select
    dt_ref,
    vl_volume,
    qt_altas,
    qt_baixas,
    sum(qt_altas - qt_baixas) over (order by dt_ref) as qt_altas_acumuladas,
    qt_maximas_252,
    qt_minimas_252,
    vl_ibov,
    pc_ibov_1
from market_daily
where dt_ref >= (select date_add('month', -3, max(latest.dt_ref)) from market_daily as latest)
order by dt_ref
