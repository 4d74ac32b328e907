{% macro b3_next_session(day, holidays) -%}
    element_at(
        filter(
            sequence({{ day }} + interval '1' day, {{ day }} + interval '10' day),
            next_day -> day_of_week(next_day) <= 5 and not contains({{ holidays }}, next_day)
        ),
        1
    )
{%- endmacro %}
