select
    max(if(dt_ref < :day, dt_ref)) as dt_anterior,
    min(if(dt_ref > :day, dt_ref)) as dt_seguinte
from b3_market_daily
