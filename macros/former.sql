{% macro former(columns, where, like) -%}
    select
        {{ columns | join(',\n        ') }}
    {%- if is_incremental() %}
    from {{ this }}
    where {{ where }}
    {%- else %}
    from {{ like }}
    where false
    {%- endif %}
{%- endmacro %}
