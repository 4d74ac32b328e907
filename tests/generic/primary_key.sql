{% test primary_key(model, column_name=none, columns=none, nullable=[], latest=none, near=none, months=0, besides='false') %}

{%- set key = (columns or [column_name]) | join(', ') %}
{%- set is_latest = 'nr_carga = ' ~ latest_load(model, latest) if latest else 'true' %}
{%- if near %}
{%- set near_latest = between_months(
    near, 'select ' ~ near ~ ' from ' ~ model ~ ' where ' ~ is_latest, before=months, after=months, reads=[model]
) %}
{%- endif %}

with

checked as (
    select {{ key }}
    from {{ model }}
    where
        {%- if near %}
        ({{ near_latest }} or {{ besides }})
        and ({{ is_latest }} or ({{ key }}) in (select {{ key }} from {{ model }} where {{ is_latest }}))
        {%- else %}
        {{ is_latest }}
        {%- endif %}
)

select
    {{ key }},
    count(*) as qt_linhas
from checked
group by {{ key }}
having
    count(*) > 1
    {%- for column in columns or [column_name] if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
