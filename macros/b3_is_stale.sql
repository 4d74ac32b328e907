{% macro b3_is_stale(stale_sessions) -%}
    {{ one_of(
        'dt_ref',
        'select dt_ref from (' ~ stale_sessions ~ ')',
        data_type='date',
        reads=[ref('b3_indicator_loads')]
    ) }}
{%- endmacro %}
