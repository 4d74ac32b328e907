{% macro cards_variable_column(variable, months=none) -%}
    {%- set suffix = '_u' ~ months ~ 'm' if months else '' -%}
    {%- set arguments = [] -%}
    {%- for argument in variable.arguments -%}
        {%- do arguments.append(months | string if argument == 'janela' else argument ~ suffix) -%}
    {%- endfor -%}
    {%- if variable.kind == 'aggregate' -%}
        {%- set value = variable.name ~ suffix -%}
    {%- elif variable.kind == 'ratio' -%}
        {%- set value = cards_ratio(arguments[0], arguments[1], variable.type) -%}
    {%- elif variable.kind == 'function' -%}
        {%- set value = context['cards_' ~ variable.function](*arguments) -%}
    {%- elif ' / ' in variable.formula -%}
        {%- set parts = variable.formula.split(' / ') -%}
        {%- set value = cards_ratio(parts[0], parts[1], variable.type) -%}
    {%- else -%}
        {%- set value = variable.formula -%}
    {%- endif -%}
    {%- if variable.empty == '0' -%}
        {%- set value = 'coalesce(' ~ value ~ ', 0)' -%}
    {%- endif -%}
    cast({{ value }} as {{ variable.type }}) as {{ variable.name }}{{ suffix }}
{%- endmacro %}
