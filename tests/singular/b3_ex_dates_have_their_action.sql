-- The exchange's distribution number changes exactly on an ex-date. Of a company whose actions were asked for, one that
-- no action explains means that the answers are older than the quotes, or leave it out: the return is not adjusted.
{{ config(severity='warn') }}

with

daily_windows as (
    select * from {{ ref('b3_daily_windows') }}
),

corporate_actions as (
    select * from {{ ref('b3_corporate_actions') }}
)

select
    dt_ref,
    ticker,
    nr_distribuicao
from daily_windows
where
    nr_carga = {{ latest_load(ref('b3_daily_windows'), ref('b3_indicator_loads')) }}
    and fl_provento_desconhecido
    and substr(ticker, 1, 4) in (select corporate_actions.cd_empresa from corporate_actions)
