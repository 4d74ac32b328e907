{% macro taken_in(within='true') -%}
    {%- if not execute or not is_incremental() -%}
        {{ return(0) }}
    {%- endif -%}

    {%- set places = [within] if within == 'true' else [within, 'true'] -%}
    {%- for place in places -%}
        {%- set found = run_query('select max(nr_carga) as nr_carga from ' ~ this ~ ' where ' ~ place) -%}
        {%- if found.rows[0][0] is not none -%}
            {{ return(found.rows[0][0] | int) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(0) }}
{%- endmacro %}
