{% test primary_key(model, column_name=none, columns=none, nullable=[], latest=none) %}

{%- set key = columns or [column_name] %}

with

checked as (
    select
        {{ key | join(', ') }}
    from {{ model }}
    {%- if latest %}
    where {{ latest }} = (select max(newest.{{ latest }}) from {{ model }} as newest)
    {%- endif %}
)

select
    {{ key | join(', ') }},
    count(*) as qt_linhas
from checked
group by {{ key | join(', ') }}
having
    count(*) > 1
    {%- for column in key if column not in nullable %}
    or {{ column }} is null
    {%- endfor %}

{% endtest %}
