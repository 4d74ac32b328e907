{% macro full_window(expression, rows, before=0) -%}
    case
        when lag(dt_ref, {{ rows - 1 + before }}) over (partition by ticker, ds_classe order by dt_ref)
            >= date_add('day', -{{ var('b3_reach_days') }}, dt_ref)
            then {{ expression }} over (
                partition by ticker, ds_classe order by dt_ref rows between {{ rows - 1 }} preceding and current row
            )
    end
{%- endmacro %}
