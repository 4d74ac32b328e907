{% macro load_number(ledger) -%}
    {%- if not can_look_up([ledger]) -%}
        {{ return(run_second()) }}
    {%- endif -%}

    {%- set found = run_query('select coalesce(max(nr_carga), 0) as nr_carga from ' ~ ledger) -%}
    {{ return([run_second(), found.rows[0][0] | int] | max) }}
{%- endmacro %}
