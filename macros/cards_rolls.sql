{% macro cards_rolls(buckets) -%}
    {%- set rolls = [] -%}
    {%- for origin in buckets -%}
        {%- set row = loop.index0 -%}
        {%- for destination in buckets -%}
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
