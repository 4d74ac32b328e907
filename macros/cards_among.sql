{% macro cards_among(column, safras, before=0) -%}
    {%- set days = [] -%}
    {%- for one in safras -%}
        {%- set last = modules.datetime.date.fromisoformat(one['dt_referencia']) -%}
        {%- do days.append(last | string) -%}
        {%- if before -%}
            {%- do days.append((last.replace(day=1) - modules.datetime.timedelta(days=1)) | string) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if days -%}
        {{ column }} in (date '{{ days | unique | sort | join("', date '") }}')
    {%- else -%}
        false
    {%- endif -%}
{%- endmacro %}
