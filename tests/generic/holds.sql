{% test holds(model, expression, column_name=none, latest=none) %}

select *
from {{ model }}
where
    not coalesce({{ expression }}, false)
    {%- if latest %}
    and nr_carga = {{ latest_load(model, latest) }}
    {%- endif %}

{% endtest %}
