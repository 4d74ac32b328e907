select
    dt_ref,
    vl_volume / 1000000000 as "R$ bn",
    qt_instrumentos as traded,
    qt_altas as rose,
    qt_baixas as fell,
    qt_maximas_252 as "52w highs",
    qt_minimas_252 as "52w lows",
    vl_ibov as ibov,
    pc_ibov_1 as "return"
from finlake_refined.b3_market_daily
order by dt_ref desc
limit 5
