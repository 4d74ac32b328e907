{% macro between_months(column, query, before=0, after=0, reads=[]) -%}
    {%- if not can_look_up(reads) -%}
        {{ return('true') }}
    {%- endif -%}

    {%- set found = run_query(
        "select distinct cast(cast(date_trunc('month', value) as date) as varchar) as dt_mes from (" ~ query ~ ") as candidates (value)"
        ~ " where value is not null order by dt_mes"
    ) -%}
    {%- set months = found.columns[0].values() | list -%}
    {%- if months | length > 24 -%}
        {%- set months = [months | first, months | last] -%}
        {%- set spans = [months] -%}
    {%- else -%}
        {%- set spans = months | batch(1) | list -%}
    {%- endif -%}
    {%- set ranges = [] -%}
    {%- for span in spans -%}
        {%- set first = modules.datetime.date.fromisoformat(span[0]) -%}
        {%- set last = modules.datetime.date.fromisoformat(span[-1]) -%}
        {%- set begins = first.year * 12 + first.month - 1 - before -%}
        {%- set ends = last.year * 12 + last.month + after -%}
        {%- do ranges.append(
            column ~ " >= date '" ~ modules.datetime.date(begins // 12, begins % 12 + 1, 1) ~ "'"
            ~ (" and " ~ column ~ " < date '" ~ modules.datetime.date(ends // 12, ends % 12 + 1, 1) ~ "'"
               if ends // 12 <= modules.datetime.date.max.year else '')
        ) -%}
    {%- endfor -%}
    {%- if ranges -%}
        {{ return('(' ~ ranges | join(' or ') ~ ')') }}
    {%- endif -%}
    {{ return('false') }}
{%- endmacro %}
