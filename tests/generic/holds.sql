{% test holds(model, expression, column_name=none, latest=none) %}

select *
from {{ model }}
where
    not coalesce({{ expression }}, false)
    {%- if latest %}
    and {{ latest }} = (select max(newest.{{ latest }}) from {{ model }} as newest)
    {%- endif %}

{% endtest %}
