{% macro cards_opening(columns, where) -%}
    select
    {%- for column, data_type in columns.items() %}
        {{ column if is_incremental() else 'cast(null as ' ~ data_type ~ ') as ' ~ column }}{{ ',' if not loop.last }}
    {%- endfor %}
    {%- if is_incremental() %}
    from {{ this }}
    where {{ where }}
    {%- else %}
    where false
    {%- endif %}
{%- endmacro %}
