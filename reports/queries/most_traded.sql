select ticker
from b3_daily_indicators
where dt_ref = :day
order by
    vl_volume desc,
    ticker asc
limit 3
