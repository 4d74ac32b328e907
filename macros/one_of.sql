{% macro one_of(column, query, data_type='varchar', reads=[], at_first=false) -%}
    {%- set limit = var('one_of_limit') -%}
    {%- if not (at_first or is_incremental()) or not can_look_up(reads) -%}
        {{ return('true') }}
    {%- endif -%}

    {%- set found = run_query(
        'select distinct cast(value as varchar) as value from (' ~ query ~ ') as candidates (value)'
        ~ ' order by value limit ' ~ (limit + 1)
    ) -%}
    {%- set literals = [] -%}
    {%- for row in found.rows -%}
        {%- do literals.append((data_type ~ ' ' if data_type != 'varchar' else '') ~ "'" ~ row[0] ~ "'") -%}
    {%- endfor -%}
    {%- if literals | length > limit -%}
        {{ return('true') }}
    {%- elif literals -%}
        {{ return(column ~ ' in (' ~ literals | join(', ') ~ ')') }}
    {%- endif -%}
    {{ return('false') }}
{%- endmacro %}
