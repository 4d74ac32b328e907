-- The market of a session has each line of the cash market that its file brought, once, and no more money than all
-- markets had.
with

market_daily as (
    select * from {{ ref('b3_market_daily') }}
),

sessions as (
    select * from {{ ref('b3_sessions') }}
)

select
    sessions.dt_ref,
    sessions.qt_vista,
    market_daily.qt_instrumentos,
    sessions.vl_volume,
    market_daily.vl_volume as vl_volume_a_vista
from sessions
left join market_daily
    on sessions.dt_ref = market_daily.dt_ref
where
    coalesce(market_daily.qt_instrumentos, 0) != sessions.qt_vista
    or market_daily.vl_volume not between 0 and sessions.vl_volume
