{% macro landed_rows(source_name, table_name) -%}
    {%- set relation = source(source_name, table_name) -%}
    {%- if not execute or relation.is_cte or load_relation(relation) is not none -%}
        {{ return(relation) }}
    {%- endif -%}

    {%- set tables = graph.sources.values() | selectattr('source_name', 'equalto', source_name)
        | selectattr('name', 'equalto', table_name) | list -%}
    {%- set columns = [] -%}
    {%- for column in tables[0].columns.values() -%}
        {%- do columns.append('cast(null as ' ~ (column.data_type or 'varchar') ~ ') as ' ~ column.name) -%}
    {%- endfor -%}
    {{ return('(select ' ~ columns | join(', ') ~ ' where false) as nothing_landed') }}
{%- endmacro %}
