{% macro cards_rolls(buckets, left) -%}
    {%- set rolls = [] -%}
    {%- for origin in buckets -%}
        {%- set row = loop.index0 -%}
        {%- for destination in buckets + [left] -%}
            {%- do rolls.append({
                'origin': row,
                'destination': loop.index0,
                'from': origin,
                'name': origin ~ '_para_' ~ destination,
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(rolls) }}
{%- endmacro %}
