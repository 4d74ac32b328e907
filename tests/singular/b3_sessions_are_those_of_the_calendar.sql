-- A session that should be here and is not is told by its day, so that its file is asked for; and so is one on a day
-- that the calendar has as a holiday: then the calendar is wrong.
{{ config(severity='warn') }}

{%- set missing = b3_missing_sessions(ref('ops_expected_sessions')) %}
{%- if missing %}
{%- do exceptions.warn('Not as the calendar of the exchange has it: ' ~ missing | join(', ')) %}
{%- endif %}

with

expected_sessions as (
    select * from {{ ref('ops_expected_sessions') }}
)

select
    dt_ref,
    ds_situacao
from expected_sessions
where ds_situacao in ('missing', 'unexpected')
