-- A session that should be here and is not is told by its day, so that its file is asked for; and so is one on a day
-- that the calendar has as a holiday: then the calendar is wrong.
{{ config(severity='warn') }}

{%- set missing = b3_missing_sessions(ref('ops_expected_sessions')) %}
{%- if missing %}
{%- do exceptions.warn(
    'Sessions of the calendar that no file was landed of (unexpected: days that it does not have): '
    ~ missing | join(', ') ~ '. All of them are in ops_expected_sessions.'
) %}
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
