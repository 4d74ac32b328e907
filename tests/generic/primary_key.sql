{% test primary_key(model, column_name=none, columns=none, nullable=[], latest=none) %}

{%- set key = columns or [column_name] %}

with

checked as (
    select
        {{ key | join(', ') }}
    from {{ model }}
    {%- if latest %}
    where nr_carga = {{ latest_load(model, latest) }}
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
