select
    dt_ref,
    qt_instrumentos,
    qt_altas,
    qt_baixas,
    qt_estaveis,
    qt_maximas_252,
    qt_minimas_252,
    vl_volume,
    qt_negocios,
    vl_ibov,
    pc_ibov_1
from b3_market_daily
where dt_ref = :day
