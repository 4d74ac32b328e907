{% macro latest_load(relation, loads) -%}
    {%- if not can_look_up([relation, loads]) -%}
        {{ return(0) }}
    {%- endif -%}
    {#- One load at a time: the engine opens no file whose statistics say that the number is not in it. -#}
    {%- set newest = run_query(
        'select distinct nr_carga from ' ~ loads ~ ' where nr_carga is not null order by nr_carga desc limit 10'
    ) -%}
    {%- for load in newest.columns[0].values() -%}
        {%- if run_query('select nr_carga from ' ~ relation ~ ' where nr_carga = ' ~ load ~ ' limit 1').rows -%}
            {{ return(load) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(run_query('select coalesce(max(nr_carga), 0) from ' ~ relation).columns[0].values()[0]) }}
{%- endmacro %}
