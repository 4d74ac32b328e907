{{ config(materialized='view') }}

select
    id,
    value,
    dt
from (
    values
        (1, 'one', date '2024-01-01'),
        (2, 'two', date '2024-01-01')
        {% if var('day') > 1 %}
        ,
        (2, 'two again', date '2024-01-02'),
        (3, 'three', date '2024-01-02')
        {% endif %}
) as t (id, value, dt)
{% if var('day') > 1 %}
where not (id = 2 and dt = date '2024-01-01')
{% endif %}
